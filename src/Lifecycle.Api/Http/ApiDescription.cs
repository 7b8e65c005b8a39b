using System.Text.Json.Nodes;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Lifecycle.Api.Http;

/// <summary>The description of this API in OpenAPI 3.1.</summary>
public static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Lifecycle", Version = "v1", Description = "Customers, their stages, and what moves them." };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description =
                    "An admin key; write keys only send events." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = context.JsonTypeInfo.Type;
            Describe(schema, Nullable.GetUnderlyingType(type) ?? type);
            if (type == typeof(decimal?)) schema.Type |= JsonSchemaType.Null;
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            AddParameters(operation, context);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(Instant)) (schema.Type, schema.Format, schema.Properties) = (JsonSchemaType.String, "date-time", null);
        else if (type == typeof(Duration)) (schema.Type, schema.Format, schema.Properties) = (JsonSchemaType.String, "duration", null);
        else if (type == typeof(RecordId)) (schema.Type, schema.Pattern, schema.Properties) = (JsonSchemaType.String, "^[0-9a-f]{32}$", null);
        else if (type == typeof(decimal)) schema.Type = JsonSchemaType.Number;
        else if (type == typeof(Value)) (schema.Type, schema.Properties) = (null, null);
    }

    /// <summary>The names in an address and the token to wait for are read by what surrounds the endpoints, not by the endpoints.</summary>
    private static void AddParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Parameters ??= [];
        if (context.Description.RelativePath?.Contains("customers/{id}", StringComparison.Ordinal) == true
            && !operation.Parameters.Any(parameter => parameter.Name == "id"))
        {
            operation.Parameters.Insert(0, Parameter("id", ParameterLocation.Path, "The customer's id, percent-encoded once.", required: true));
        }
        if (context.Description.RelativePath?.EndsWith("benefits/{name}", StringComparison.Ordinal) == true)
            operation.Parameters.Insert(1, Parameter("name", ParameterLocation.Path, "The benefit's name, percent-encoded once.", required: true));
        if (!operation.Parameters.Any(parameter => parameter.Name == "after"))
            operation.Parameters.Add(
                Parameter("after", ParameterLocation.Query, "Waits until what this token reaches is judged: the seen of an answer to sent events."));
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description, bool required = false) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
