using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Testing;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The real server in a process of its own, on a database that outlives it.</summary>
internal sealed class CommandServer : IAsyncDisposable
{
    private readonly string _data;
    private readonly Child _child;

    private CommandServer(string data, Child child, JsonNode file)
    {
        (_data, _child, File) = (data, child, file);
        Client = ClientWith((string)file["admin_key"]!);
        Test = ClientWith((string)file["test"]!["admin_key"]!);
    }

    /// <summary>What server.json says.</summary>
    public JsonNode File { get; }
    public string Url => (string)File["url"]!;
    public string WriteKey => (string)File["write_key"]!;
    public string AdminKey => (string)File["admin_key"]!;

    /// <summary>Speaks to the live tenant with its admin key.</summary>
    public HttpClient Client { get; }

    /// <summary>Speaks to the test tenant with its admin key.</summary>
    public HttpClient Test { get; }
    public string Output => _child.Output;
    public string DataFolder => _data;

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    /// <param name="data">A data folder; the same one again continues where the last server stopped or fell.</param>
    public static async Task<CommandServer> StartAsync(string database, string data, string demo = "none", int? port = null)
    {
        Directory.CreateDirectory(data);
        var started = DateTime.UtcNow.AddMilliseconds(-20);
        var file = Path.Combine(data, "server.json");
        var child = Child.Start("dotnet",
            [typeof(Lifecycle.Api.ApiMarker).Assembly.Location, "--port", $"{port ?? FreePort()}", "--data", data, "--demo", demo],
            new Dictionary<string, string?> { ["LIFECYCLE_DATABASE"] = database, ["LIFECYCLE_ALLOW_ADDRESSES"] = "127.0.0.0/8" });
        using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var waited = 0; waited < 600; waited++)
        {
            if (child.Process.HasExited) throw new InvalidOperationException($"The server ended with {child.Process.ExitCode}.\n{child.Output}");
            if (System.IO.File.Exists(file) && System.IO.File.GetLastWriteTimeUtc(file) >= started)
            {
                var parsed = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(file))!;
                if (await IsReadyAsync(probe, (string)parsed["url"]!)) return new CommandServer(data, child, parsed);
            }
            await PauseAsync();
        }
        child.Dispose();
        throw new TimeoutException($"The server was not ready within a minute.\n{child.Output}");
    }

    public void Kill() => _child.Kill();

    public async Task<int> StopAsync()
    {
        _child.Terminate();
        return await _child.EndAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_child.Process.HasExited) await StopAsync();
        _child.Dispose();
        Client.Dispose();
        Test.Dispose();
    }

    /// <summary>Sends messages as one batch and waits until they are judged.</summary>
    public static async Task SendAsync(HttpClient client, params object[] messages)
    {
        using var answer = await client.PostAsync("/v1/batch", Json(new { batch = messages }));
        Assert200(answer, await answer.Content.ReadAsStringAsync());
        var seen = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["seen"]!;
        await JudgedAsync(client, seen);
    }

    public static async Task JudgedAsync(HttpClient client, string seen)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            var progress = await GetAsync(client, $"/v1/progress?after={Uri.EscapeDataString(seen)}&wait=5");
            if ((bool)progress["judged"]!) return;
        }
        throw new TimeoutException("What was sent was not judged within five minutes.");
    }

    public static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert200(answer, body);
        return JsonNode.Parse(body)!;
    }

    public static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsync(path, Json(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert200(answer, text);
        return JsonNode.Parse(text)!;
    }

    public static async Task<JsonNode> PutAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PutAsync(path, Json(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert200(answer, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Runs the command line against this server.</summary>
    public async Task<(int Exit, JsonNode Answer)> CommandAsync(params string[] arguments)
    {
        using var child = StartCommand(arguments);
        var exit = await child.EndAsync(TimeSpan.FromMinutes(5));
        var json = child.Lines.LastOrDefault(line => line.StartsWith('{'));
        return (exit, json is null ? throw new InvalidOperationException($"No answer from the command.\n{child.Output}") : JsonNode.Parse(json)!);
    }

    public Child StartCommand(params string[] arguments) =>
        Child.Start("dotnet", [typeof(Lifecycle.Cli.CliMarker).Assembly.Location, .. arguments, "--json", "--url", Url, "--key", AdminKey]);

    public static async Task PauseAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        await timer.WaitForNextTickAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static void Assert200(HttpResponseMessage answer, string body)
    {
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode}\n{body}");
    }

    private static async Task<bool> IsReadyAsync(HttpClient probe, string url)
    {
        try
        {
            using var answer = await probe.GetAsync(url + "/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private HttpClient ClientWith(string key)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(3) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
