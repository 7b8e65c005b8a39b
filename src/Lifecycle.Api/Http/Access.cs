using System.Net.Http.Headers;
using System.Text;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Keys;

namespace Lifecycle.Api.Http;

/// <summary>Whose key came with the request.</summary>
public sealed record Caller(Tenant Tenant, KeyKind Kind)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}

/// <summary>Marks what a key of a kind opens. An admin key opens everything.</summary>
public sealed record OpensTo(KeyKind Kind);

/// <summary>Lets through only whom an endpoint's mark allows. The tenant comes from the key alone.</summary>
public static class Access
{
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OpensTo>() is { } opens && !await AdmitAsync(context, opens.Kind)) return;
        await next(context);
    });

    private static async Task<bool> AdmitAsync(HttpContext context, KeyKind needed)
    {
        var key = KeyOf(context.Request.Headers.Authorization);
        var found = key is null ? null : await context.RequestServices.GetRequiredService<ApiKeys>().VerifyAsync(key, context.RequestAborted);
        if (found is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"lifecycle\"";
            await Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, key is null ? "key_missing" : "unknown_key",
                key is null ? "Send the admin key as Bearer token or as Basic user name; server.json in the data folder has it."
                    : "There is no such key.");
            return false;
        }
        if (found.Kind != KeyKind.Admin && found.Kind != needed)
        {
            await Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "key_of_another_kind",
                "This key only sends events; here the admin key is needed.");
            return false;
        }
        context.Features.Set(new Caller(found.Tenant, found.Kind));
        return true;
    }

    private static string? KeyOf(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || string.IsNullOrEmpty(header.Parameter)) return null;
        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return header.Parameter;
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Parameter.Length];
        return Convert.TryFromBase64String(header.Parameter, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0] : null;
    }
}
