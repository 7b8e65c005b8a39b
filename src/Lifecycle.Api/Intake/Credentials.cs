using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Api.Intake;

/// <summary>The keys that a request's headers bear.</summary>
/// <param name="Key">The Basic user name, or else X-Write-Key; null where neither is there.</param>
/// <param name="BearerKey">The Bearer token; null where there is none.</param>
public readonly record struct Credentials(string? Key, string? BearerKey)
{
    public static Credentials Of(HttpRequest request)
    {
        var (basic, bearer) = AuthenticationHeaderValue.TryParse(request.Headers.Authorization.ToString(), out var header) ? Read(header) : default;
        var writeKey = request.Headers["X-Write-Key"].ToString().Trim();
        return new(basic ?? (writeKey.Length > 0 ? writeKey : null), bearer);
    }

    private static (string? Basic, string? Bearer) Read(AuthenticationHeaderValue header)
    {
        if (string.IsNullOrEmpty(header.Parameter)) return default;
        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return (null, header.Parameter);
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return default;
        var bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out var length)) return default;
        var user = Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0];
        return (user.Length > 0 ? user : null, null);
    }
}
