using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lifecycle.Testing;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

/// <summary>The answers that programs outside read, word for word.</summary>
public sealed partial class ShapeTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Customer_timeline_and_stages_have_the_approved_shapes()
    {
        var identify = new JsonObject
        {
            ["type"] = "identify", ["userId"] = "ann", ["messageId"] = "ann is", ["timestamp"] = "2026-03-01T08:00:00Z", ["historical"] = true,
            ["traits"] = new JsonObject { ["country"] = "CN", ["email"] = "ann@example.com" },
        };
        var seen = await SendAsync(server.Live, identify,
            Track("ann", "session_start", "2026-03-01T08:00:01Z", historical: true),
            Track("ann", "Order Completed", "2026-03-02T08:00:00.5Z", 68m, historical: true),
            Track("ann", "session_start", "2026-03-02T08:00:00Z", historical: true),
            Track("ann", "session_start", "2026-03-03T08:00:00Z", historical: true),
            Track("ann", "Order Completed", "2026-03-03T09:00:00Z", 12.30m, historical: true));
        var closed = (string)(await PostAsync(server.Live, "/v1/history/close", new JsonObject()))["seen"]!;
        await GetAsync(server.Live, $"/v1/progress?after={closed}&wait=10");

        await Assert.AllAsync(
            [
                ("customer", $"/v1/customers/ann?at=2026-03-20T00:00:00Z&after={seen}"),
                ("timeline", "/v1/customers/ann/timeline?to=2026-03-18T00:00:00Z"),
                ("stages", "/v1/customers/ann/stages"),
                ("summary", "/v1/stages/summary?track=lifecycle&at=2026-03-10T00:00:00Z"),
                ("members", "/v1/customers?stage=formation&at=2026-03-10T00:00:00Z"),
            ],
            async ((string Name, string Address) shape) => Approve(shape.Name, await GetAsync(server.Live, shape.Address)));
    }

    [Fact]
    public async Task The_description_of_the_api_is_the_approved_one()
    {
        using var anyone = server.ClientWith(null);
        var description = await GetAsync(anyone, "/openapi/v1.json");
        Assert.StartsWith("3.1.", (string)description["openapi"]!, StringComparison.Ordinal);
        Approve("openapi", description);
    }

    /// <summary>What differs from run to run is replaced: ids, which hang on the tenant's secret, and when something was recorded.</summary>
    private static void Approve(string name, JsonNode answer)
    {
        var text = RecordedAt().Replace(answer.ToJsonString(Indented), "\"recorded_at\": \"…\"");
        var ids = new List<string>();
        text = Id().Replace(text, match =>
        {
            if (!ids.Contains(match.Value)) ids.Add(match.Value);
            return $"id {ids.IndexOf(match.Value) + 1}";
        });
        Approved.Matches(text, name);
    }

    [GeneratedRegex("\"recorded_at\": \"[^\"]*\"")]
    private static partial Regex RecordedAt();

    [GeneratedRegex(@"\b[0-9a-f]{32}\b")]
    private static partial Regex Id();
}
