using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Words to tell a customer's story with, spoken to the real API.</summary>
internal static class Story
{
    public static object Track(string customer, string @event, object? properties = null, string? messageId = null) => new
    {
        type = "track",
        userId = customer,
        @event,
        properties = properties ?? new { },
        messageId = messageId ?? Guid.NewGuid().ToString(),
    };

    public static Instant Instant(JsonNode? node) => InstantPattern.ExtendedIso.Parse((string)node!).Value;

    public static string Iso(Instant instant) => instant.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static async Task<Instant> ClockAsync(HttpClient tenant) => Instant((await CommandServer.GetAsync(tenant, "/v1/clock"))["clock"]);

    public static async Task<Instant> AdvanceAsync(HttpClient tenant, string by) => Instant((await CommandServer.PostAsync(tenant, "/v1/clock/advance", new { by }))["clock"]);

    public static async Task<JsonArray> TimelineAsync(HttpClient tenant, string customer, string query = "") =>
        (await CommandServer.GetAsync(tenant, $"/v1/customers/{customer}/timeline?limit=1000{query}"))["items"]!.AsArray();

    /// <summary>The facts of one name on a customer's timeline, in order.</summary>
    public static async Task<List<JsonNode>> FactsAsync(HttpClient tenant, string customer, string name) =>
        [.. (await TimelineAsync(tenant, customer, "&kind=fact&name=" + name)).Select(item => item!)];

    /// <summary>The lifecycle moves of a customer: where to, and when to the millisecond.</summary>
    public static async Task<List<(string To, Instant Clock)>> MovesAsync(HttpClient tenant, string customer) =>
    [
        .. (await FactsAsync(tenant, customer, "stage_changed"))
            .Where(fact => (string)fact["properties"]!["track"]! == "lifecycle")
            .Select(fact => ((string)fact["properties"]!["to"]!, Instant(fact["clock"]))),
    ];

    public static async Task PublishGameAsync(CommandServer server, HttpClient tenant)
    {
        var game = Lifecycle.Api.Hosting.Samples.Read("tianxia");
        await CommandServer.PutAsync(tenant, "/v1/release/draft", new { definition = game.Definition, journeys = game.Journeys, settings = game.Settings });
        await CommandServer.PostAsync(tenant, "/v1/release/draft/publish", new { });
    }
}
