namespace Lifecycle.Api.Http;

/// <summary>Marks a list that takes <c>attribute.NAME=VALUE</c>.</summary>
public sealed class FiltersByAttributes
{
    public const string Prefix = "attribute.";
}

/// <summary>Refuses query parameters that a route does not have: a filter that is ignored answers another question than was asked.</summary>
public static class KnownParameters
{
    /// <summary>What every route of a group takes beside its own: the token to wait for.</summary>
    private const string Everywhere = "after";

    /// <summary>Lets through only requests whose parameters their endpoint reads, which are the texts that it takes.</summary>
    public static RouteGroupBuilder WithKnownParameters(this RouteGroupBuilder group)
    {
        group.AddEndpointFilterFactory((factory, next) =>
        {
            var texts = factory.MethodInfo.GetParameters()
                .Where(parameter => parameter.ParameterType == typeof(string)).Select(parameter => parameter.Name!).ToList();
            return async invocation =>
            {
                var request = invocation.HttpContext.Request;
                var known = texts.Where(name => !request.RouteValues.ContainsKey(name)).Append(Everywhere).Distinct().ToList();
                var filters = invocation.HttpContext.GetEndpoint()?.Metadata.GetMetadata<FiltersByAttributes>() is not null;
                var unknown = request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)
                    && !(filters && name.StartsWith(FiltersByAttributes.Prefix, StringComparison.Ordinal)));
                if (unknown is not null) return Refuse(unknown, known);
                // PostgreSQL has no text with it, and takes it ill to be asked for one.
                var unsayable = request.Query.FirstOrDefault(pair => pair.Value.Any(text => text?.Contains('\0') == true)).Key;
                return unsayable is null ? await next(invocation)
                    : Problems.BadParameter(unsayable, $"'{unsayable}' holds U+0000, which no text here does.");
            };
        });
        return group;
    }

    private static IResult Refuse(string name, IReadOnlyList<string> known)
    {
        var there = $"there {(known.Count == 1 ? "is only" : "are")} {string.Join(", ", known)}.";
        return Problems.BadParameter(name, name.StartsWith(FiltersByAttributes.Prefix, StringComparison.OrdinalIgnoreCase)
            ? $"This list is not filtered by '{EmbeddedTexts.Shorten(name)}'; {there}"
            : $"There is no parameter '{EmbeddedTexts.Shorten(name)}' here; {there}");
    }
}
