using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Personal;
using Lifecycle.Ingestion.Segment;
using NodaTime;

namespace Lifecycle.Ingestion.Tests.Segment;

/// <summary>Reads messages without a log, tersely.</summary>
internal static class Messages
{
    public static readonly Instant Received = Instant.FromUtc(2026, 11, 22, 12, 0);

    /// <summary>The one message of a batch.</summary>
    public static SegmentMessage Accepted(string message, ClockMode clock = ClockMode.Server, bool historical = false, string shared = "",
        PersonalDeclarations? declared = null)
    {
        var (read, refusal) = Read($$"""{"batch":[{{message}}]{{shared}}}""", "batch", clock, historical, declared);
        Assert.True(refusal is null, refusal?.Message);
        return read!;
    }

    public static Refusal Refused(string message)
    {
        var (read, refusal) = Read($$"""{"batch":[{{message}}]}""", "batch", ClockMode.Server, false);
        Assert.Null(read);
        return refusal!;
    }

    public static SegmentMessage Single(string route, string body)
    {
        var (read, refusal) = Read(body, route, ClockMode.Server, false);
        Assert.True(refusal is null, refusal?.Message);
        return read!;
    }

    public static JsonNode Open(this SegmentMessage message) => JsonNode.Parse(message.Open)!;

    public static JsonNode? Personal(this SegmentMessage message) => message.Personal is { } personal ? JsonNode.Parse(personal) : null;

    private static (SegmentMessage? Message, Refusal? Refusal) Read(string json, string route, ClockMode clock, bool historical,
        PersonalDeclarations? declared = null)
    {
        var (body, complaint) = SegmentBody.Read(Encoding.UTF8.GetBytes(json), SegmentRoute.Named(route));
        Assert.True(body is not null, complaint);
        Assert.Single(body.Messages);
        using var reader = new SegmentReader(SegmentRoute.Named(route), body, clock, historical, Received, declared);
        return reader.Read(0);
    }
}
