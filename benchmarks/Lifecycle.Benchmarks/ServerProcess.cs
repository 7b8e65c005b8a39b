using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lifecycle.Benchmarks;

/// <summary>The product's server in a process of its own, on the benchmark's PostgreSQL.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerProcess(Process process, JsonNode file)
    {
        _process = process;
        Url = (string)file["url"]!;
        Writer = ClientWith((string)file["write_key"]!);
        Admin = ClientWith((string)file["admin_key"]!);
    }

    public int Id => _process.Id;

    public string Url { get; }

    /// <summary>Sends as an SDK does.</summary>
    public HttpClient Writer { get; }

    /// <summary>Asks and publishes.</summary>
    public HttpClient Admin { get; }

    /// <summary>Starts the server and publishes a definition.</summary>
    public static async Task<ServerProcess> StartAsync(Rig rig, string definition, IReadOnlyList<string> journeys, string? settings)
    {
        var data = Path.Combine(rig.Folder, "server");
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "Lifecycle.Api", "release", "Lifecycle.Api.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--port", "0", "--data", data, "--demo", "none"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LIFECYCLE_DATABASE"] = rig.ConnectionUri;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.Write(line.Data is { } text ? text + "\n" : "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!File.Exists(Path.Combine(data, "server.json")))
        {
            if (process.HasExited || watch.Elapsed > StartMax) throw new InvalidOperationException($"The server of {program} did not start.");
            await pause.WaitForNextTickAsync();
        }
        var server = new ServerProcess(process, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "server.json")))!);
        await server.PublishAsync(definition, journeys, settings);
        return server;
    }

    /// <summary>Sends a body of <c>/v1/batch</c> and answers how far the log was then.</summary>
    public async Task<string> SendAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await Writer.PostAsync("/v1/batch", content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode || text.Contains("\"rejected\":[{", StringComparison.Ordinal))
            throw new InvalidOperationException($"A batch was refused: {(int)answer.StatusCode} {text}");
        return (string)JsonNode.Parse(text)!["seen"]!;
    }

    public async Task<byte[]> GetAsync(string path)
    {
        using var answer = await Admin.GetAsync(path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    /// <summary>Waits until every shard's log is consumed: all that was sent is judged and its states are stored.</summary>
    public static async Task JudgedAsync(Rig rig)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await rig.AskAsync<long>("select count(*) from shard_head h join shard_lease l using (shard) where l.consumed < h.position") > 0)
            await pause.WaitForNextTickAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        Admin.Dispose();
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task PublishAsync(string definition, IReadOnlyList<string> journeys, string? settings)
    {
        var draft = JsonSerializer.Serialize(new DraftBody(definition, journeys, settings), BodyContext.Default.DraftBody);
        using var stored = await Admin.PutAsync("/v1/release/draft", new StringContent(draft, Encoding.UTF8, "application/json"));
        using var published = await Admin.PostAsync("/v1/release/draft/publish", new StringContent("{}", Encoding.UTF8, "application/json"));
        if (!published.IsSuccessStatusCode) throw new InvalidOperationException(await published.Content.ReadAsStringAsync());
    }

    private HttpClient ClientWith(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}

internal sealed record DraftBody(
    [property: System.Text.Json.Serialization.JsonPropertyName("definition")] string Definition,
    [property: System.Text.Json.Serialization.JsonPropertyName("journeys")] IReadOnlyList<string> Journeys,
    [property: System.Text.Json.Serialization.JsonPropertyName("settings")] string? Settings);

[System.Text.Json.Serialization.JsonSerializable(typeof(DraftBody))]
internal sealed partial class BodyContext : System.Text.Json.Serialization.JsonSerializerContext;
