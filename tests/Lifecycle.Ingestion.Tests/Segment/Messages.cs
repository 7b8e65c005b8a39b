using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Domain;
using Lifecycle.Domain.Personal;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;

namespace Lifecycle.Ingestion.Tests.Segment;

/// <summary>Reads messages without a log, tersely.</summary>
internal static class Messages
{
    public static readonly Instant Received = Instant.FromUtc(2026, 11, 22, 12, 0);

    /// <summary>The one message of a batch.</summary>
    public static SegmentMessage Accepted(string message, ClockMode clock = ClockMode.Server, bool historical = false, string shared = "",
        SenderContract? contract = null, bool frozen = false, PersonalDeclarations? declared = null)
    {
        if (declared is not null) contract = (contract ?? SenderContract.None) with { Personal = declared };
        var (read, refusal) = Read($$"""{"batch":[{{message}}]{{shared}}}""", "batch", clock, historical, contract, frozen);
        Assert.True(refusal is null, refusal?.Message);
        return read!;
    }

    public static Refusal Refused(string message, bool historical = false)
    {
        var (read, refusal) = Read($$"""{"batch":[{{message}}]}""", "batch", ClockMode.Server, historical);
        Assert.Null(read);
        return refusal!;
    }

    public static SegmentMessage Single(string route, string body)
    {
        var (read, refusal) = Read(body, route, ClockMode.Server, false);
        Assert.True(refusal is null, refusal?.Message);
        return read!;
    }

    /// <summary>The codes of the remarks on a message.</summary>
    public static string Codes(this SegmentMessage message) => string.Join(' ', (message.Remarks ?? []).Select(remark => remark.Code));

    public static JsonNode Open(this SegmentMessage message) => JsonNode.Parse(message.Open)!;

    public static JsonNode? Personal(this SegmentMessage message) => message.Personal is { } personal ? JsonNode.Parse(personal) : null;

    private static (SegmentMessage? Message, Refusal? Refusal) Read(string json, string route, ClockMode clock, bool historical,
        SenderContract? contract = null, bool frozen = false)
    {
        var (body, complaint) = SegmentBody.Read(Encoding.UTF8.GetBytes(json), SegmentRoute.Named(route));
        Assert.True(body is not null, complaint);
        Assert.Single(body.Messages);
        using var reader = new SegmentReader(SegmentRoute.Named(route), body, clock, historical, Received, contract, frozen);
        return reader.Read(0);
    }
}
