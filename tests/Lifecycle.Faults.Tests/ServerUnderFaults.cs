using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests;

/// <summary>A place for a server: its data folder, its port and its keys stay the same from one start to the next; the processes come and go.</summary>
internal sealed class ServerUnderFaults : IDisposable
{
    private readonly SceneOptions _options;
    private readonly string _place;
    private readonly string _database;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _violations = [];
    private Child? _child;
    private int _starts;
    private volatile bool _isSuspended, _isUp;

    /// <param name="place">What its starts are told apart by.</param>
    /// <param name="database">The address by which it reaches the database.</param>
    public ServerUnderFaults(SceneOptions options, string place, string database)
    {
        (_options, _place, _database) = (options, place, database);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    public string Url { get; }

    /// <summary>The name under which the present process speaks to the database. No two starts share one.</summary>
    public string Name => $"{_place}-{_starts}";

    public bool IsRunning => _child is { Process.HasExited: false };

    public bool IsSuspended => _isSuspended;

    /// <summary>As far as one knows from outside.</summary>
    public bool IsWell => _isUp && !_isSuspended;

    public string Output => _child?.Output ?? "";

    /// <summary>What its processes said about a unique constraint that was violated: none but that of the message ids should ever be, and of that no server speaks.</summary>
    public IReadOnlyList<string> Violations => [.. _violations, .. ViolationsIn(Output)];

    /// <summary>Starts a process and does not wait for it.</summary>
    public void Launch()
    {
        _violations.AddRange(ViolationsIn(Output));
        _child?.Dispose();
        _starts++;
        _isSuspended = false;
        _child = Child.Start("dotnet",
            [typeof(Lifecycle.Api.ApiMarker).Assembly.Location, "--port", Url[(Url.LastIndexOf(':') + 1)..], "--data", _folder.Path, "--demo", "none"],
            new Dictionary<string, string?>
            {
                ["LIFECYCLE_DATABASE"] = $"{_database}?application_name={Name}&Maximum Pool Size={_options.PoolSize}",
                ["LIFECYCLE_ALLOW_ADDRESSES"] = "127.0.0.0/8",
                ["LIFECYCLE_SHARDS"] = $"{_options.Shards}",
                ["LIFECYCLE_LEASE_SECONDS"] = $"{_options.LeaseSeconds}",
                ["DOTNET_TieredPGO"] = "0", // It lives for seconds.
            });
        _isUp = true;
    }

    /// <summary>Waits until the process says that it is ready.</summary>
    public async Task UntilReadyAsync()
    {
        using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var waited = 0; waited < 1200; waited++)
        {
            if (!IsRunning) throw new InvalidOperationException($"The server {Name} ended by itself.\n{Output}");
            if (await IsReadyAsync(probe)) return;
            await Pause.ForAsync(50);
        }
        throw new TimeoutException($"The server {Name} was not ready within a minute.\n{Output}");
    }

    /// <summary>Its file of keys, which is there once it has been ready.</summary>
    public (string Write, string Admin) Keys()
    {
        var live = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "keys.json")))!["live"]!;
        return ((string)live["write_key"]!, (string)live["admin_key"]!);
    }

    public async Task RequestAsync(HttpMethod method, string path, object body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Keys().Admin);
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>SIGKILL. False where it had ended already.</summary>
    public bool Kill()
    {
        _isUp = false;
        if (!IsRunning) return false;
        _child!.Kill();
        _isSuspended = false;
        return true;
    }

    public void Suspend()
    {
        _child!.Suspend();
        _isSuspended = true;
    }

    public void Resume()
    {
        _child!.Resume();
        _isSuspended = false;
    }

    /// <summary>What a process ends with that SIGTERM meets before it listens for it.</summary>
    private const int EndedBySystem = 128 + 15;

    /// <summary>SIGTERM; waits until it has drained.</summary>
    public async Task DrainAsync()
    {
        if (!IsRunning) return;
        _isUp = false;
        if (IsSuspended) Resume();
        _child!.Terminate();
        var exit = await _child.EndAsync(TimeSpan.FromSeconds(90));
        // Whoever has not yet said that it is ready may be met before it listens for the signal, and ends as the system ends it.
        var mayEndSo = exit == EndedBySystem && !Output.Contains("is ready.", StringComparison.Ordinal);
        if (exit != 0 && !mayEndSo) throw new InvalidOperationException($"The server {Name} was asked to end and did so with {exit}.\n{Output}");
    }

    public void Dispose()
    {
        _child?.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<string> ViolationsIn(string output) =>
        output.Split('\n').Select(line => line.IndexOf("23505: ", StringComparison.Ordinal) is >= 0 and var at ? line[at..] : null).OfType<string>();

    private async Task<bool> IsReadyAsync(HttpClient probe)
    {
        try
        {
            using var answer = await probe.GetAsync(Url + "/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
