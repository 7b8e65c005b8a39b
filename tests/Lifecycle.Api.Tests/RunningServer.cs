using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Api.Hosting;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Testing;

namespace Lifecycle.Api.Tests;

/// <summary>The real server on a fresh database, listening on a free port, ruled by the sample game in both tenants.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    internal TestDatabase Database { get; private set; } = null!;

    internal LifecycleServer Server { get; private set; } = null!;

    internal string DataFolder { get; } = Directory.CreateTempSubdirectory("lifecycle-api-").FullName;

    /// <summary>Speaks to the live tenant with its admin key.</summary>
    public HttpClient Live { get; private set; } = null!;

    /// <summary>Speaks to the test tenant with its admin key.</summary>
    public HttpClient Test { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Server = await LifecycleServer.StartAsync(OptionsOn(Database.ConnectionUri, DataFolder));
        Live = ClientWith(Server.Address.AdminKey);
        Test = ClientWith(Server.Address.Test.AdminKey);
        foreach (var client in (HttpClient[])[Live, Test])
        {
            var sample = Samples.Read("tianxia");
            await PutAsync(client, "/v1/release/draft", new JsonObject
            {
                ["definition"] = sample.Definition,
                ["journeys"] = new JsonArray([.. sample.Journeys.Select(journey => JsonValue.Create(journey))]),
                ["settings"] = sample.Settings,
            });
            await PostAsync(client, "/v1/release/draft/publish", new JsonObject());
        }
    }

    public async Task DisposeAsync()
    {
        Live.Dispose();
        Test.Dispose();
        await Server.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(DataFolder, recursive: true);
    }

    public static ServerOptions OptionsOn(string database, string dataFolder) => new()
    {
        Port = 0,
        DataFolder = dataFolder,
        Database = database,
        AllowAddresses = "127.0.0.0/8",
    };

    /// <summary>The tenant that the live keys open.</summary>
    internal async Task<Tenant> LiveTenantAsync() => (await Server.Engine.Keys.VerifyAsync(Server.Address.AdminKey))!.Tenant;

    public HttpClient ClientWith(string? key)
    {
        var client = new HttpClient { BaseAddress = new Uri(Server.Address.Url) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Sends messages and answers the token that says how far they reach.</summary>
    public static async Task<string> SendAsync(HttpClient client, params JsonObject[] messages)
    {
        var answer = await PostAsync(client, "/v1/batch", new JsonObject { ["batch"] = new JsonArray([.. messages]) });
        Assert.Null(answer["rejected"]);
        return (string)answer["seen"]!;
    }

    public static JsonObject Track(string customer, string name, string? at = null, decimal? revenue = null, bool historical = false)
    {
        var message = new JsonObject { ["type"] = "track", ["userId"] = customer, ["event"] = name };
        if (at is not null) message["timestamp"] = at;
        if (at is not null) message["messageId"] = $"{customer} {name} {at}";
        if (historical) message["historical"] = true;
        if (revenue is { } amount) message["properties"] = new JsonObject { ["revenue"] = amount, ["currency"] = "CNY" };
        return message;
    }

    public static Task<JsonNode> GetAsync(HttpClient client, string address) => AskAsync(client, HttpMethod.Get, address, null);

    public static Task<JsonNode> PostAsync(HttpClient client, string address, JsonNode body) => AskAsync(client, HttpMethod.Post, address, body);

    public static Task<JsonNode> PutAsync(HttpClient client, string address, JsonNode body) => AskAsync(client, HttpMethod.Put, address, body);

    public static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>Exactly this path: the client's own clean-up of addresses is left out.</summary>
    public Uri Raw(string path) => new(Server.Address.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static async Task<JsonNode> AskAsync(HttpClient client, HttpMethod method, string address, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = Json(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {address}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text, documentOptions: StoredJson.Parsing)!;
    }
}
