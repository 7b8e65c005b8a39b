using System.Text.Json;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>Something a made-up customer did.</summary>
/// <param name="Name">As a sender writes it; <c>identify</c> for what is known of the customer.</param>
/// <param name="Amount">What was paid, null where nothing was.</param>
/// <param name="What">The item bought or the level reached, null where there is none.</param>
internal sealed record DemoEvent(string Customer, string Name, Instant At, decimal? Amount = null, string? What = null)
{
    public const string Identify = "identify";

    /// <summary>What was subscribed to, null where it is not about that.</summary>
    public DemoPlan? Plan { get; init; }

    /// <summary>The event as Segment's SDKs would send it. Its message id follows from what it says, so that sending it again appends
    /// nothing.</summary>
    public void WriteTo(Utf8JsonWriter writer, string currency)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Name == Identify ? "identify" : "track");
        writer.WriteString("userId", Customer);
        writer.WriteString("messageId", $"demo-{Customer}-{Name}-{At.ToUnixTimeMilliseconds()}");
        writer.WriteString("timestamp", At.ToIso());
        if (Name == Identify) WriteTraits(writer);
        else WriteProperties(writer, currency);
        writer.WriteEndObject();
    }

    private void WriteTraits(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("traits");
        writer.WriteString("name", What);
        writer.WriteString("country", "CN");
        writer.WriteEndObject();
    }

    private void WriteProperties(Utf8JsonWriter writer, string currency)
    {
        writer.WriteString("event", Name);
        writer.WriteStartObject("properties");
        if (Amount is { } amount)
        {
            writer.WriteNumber("revenue", amount);
            writer.WriteString("currency", currency);
        }
        Plan?.WriteTo(writer);
        if (What is not null) writer.WriteString(Name == "Level Up" ? "level" : "sku", What);
        writer.WriteEndObject();
    }
}

/// <summary>What a subscription is.</summary>
/// <param name="Interval">month or year; null where it is over.</param>
/// <param name="Mrr">What it brings in a month.</param>
internal sealed record DemoPlan(string? Interval, decimal Mrr, Instant? PaidThrough)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteNumber("mrr", Mrr);
        if (Interval is not null) writer.WriteString("interval", Interval);
        if (PaidThrough is { } until) writer.WriteString("paid_through", until.ToIso());
    }
}
