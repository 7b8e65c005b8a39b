using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Lifecycle.Cli.Commands;

/// <summary>A running server, as the commands that steer it see it.</summary>
internal sealed class ServerClient : IDisposable
{
    // A publication judges every customer of the shards it waits for; the server answers long before, so this only bounds what has gone wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http;

    public ServerClient(Uri url, string key)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Status and body of an answer, whatever the status.</summary>
    /// <exception cref="CommandFailedException">The server does not answer, or not as a server of ours.</exception>
    public async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await _http.SendAsync(request, ct);
            return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct)) ?? new JsonObject());
        }
        catch (Exception away)
            when (away is HttpRequestException or System.Text.Json.JsonException || (away is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new CommandFailedException($"The server at {_http.BaseAddress} does not answer: {away.Message}", away);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The sentence of an error answer.</summary>
    public static string Sentence(int status, JsonNode body) => (string?)body["detail"] ?? $"The server answered {status}.";
}
