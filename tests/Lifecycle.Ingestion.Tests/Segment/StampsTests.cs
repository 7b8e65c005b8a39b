using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;
using static Lifecycle.Ingestion.Tests.Segment.Messages;

namespace Lifecycle.Ingestion.Tests.Segment;

public sealed class StampsTests
{
    [Theory]
    [InlineData("2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000Z")]
    [InlineData("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00.000Z")]
    [InlineData("2026-03-01T10:00:00.123456+00:00", "2026-03-01T10:00:00.123Z")]
    [InlineData("2026-03-01T10:00:00", "2026-03-01T10:00:00.000Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00.000Z")]
    [InlineData(" 2026-03-01T10:00:00Z\t", "2026-03-01T10:00:00.000Z")]
    [InlineData("2026-03-01 10:00:00", "2026-03-01T10:00:00.000Z")]
    [InlineData("2026-03-01T06:24:00", "2026-03-01T06:24:00.000Z")]
    [InlineData("2026-03-01T10:24:00.5Z", "2026-03-01T10:24:00.500Z")]
    [InlineData("2026-02-28T24:00:00Z", "2026-03-01T00:00:00.000Z")]
    [InlineData("2026-02-28T24:00:00", "2026-03-01T00:00:00.000Z")]
    [InlineData("2026-02-28T24:00", "2026-03-01T00:00:00.000Z")]
    [InlineData("2026-02-28T24:00:00.000+02:00", "2026-02-28T22:00:00.000Z")]
    [InlineData("1609459200", "2021-01-01T00:00:00.000Z")]
    [InlineData("1609459200000", "2021-01-01T00:00:00.000Z")]
    [InlineData(" 1609459200.5 ", "2021-01-01T00:00:00.500Z")]
    public void A_time_in_ISO_8601_is_taken_as_it_is(string sent, string occurredAt) => Assert.Equal(occurredAt, OccurredAt(JsonSerializer.Serialize(sent)));

    [Theory]
    [InlineData("1609459200", "2021-01-01T00:00:00.000Z")]
    [InlineData("1609459200.25", "2021-01-01T00:00:00.250Z")]
    [InlineData("1.6094592e9", "2021-01-01T00:00:00.000Z")]
    [InlineData("1609459200000", "2021-01-01T00:00:00.000Z")]
    [InlineData("99999999999", "5138-11-16T09:46:39.000Z")]
    [InlineData("100000000000", "1973-03-03T09:46:40.000Z")]
    public void A_number_is_seconds_or_milliseconds_since_1970(string sent, string occurredAt)
    {
        Assert.Equal(occurredAt, OccurredAt(sent));
        Assert.Equal(occurredAt, OccurredAt($"\"{sent}\""));
    }

    [Fact]
    public void A_date_alone_begins_in_the_definitions_zone_and_a_time_without_offset_is_in_UTC()
    {
        var contract = new SenderContract { Zone = DateTimeZoneProviders.Tzdb["America/New_York"] };
        string At(string stamp) => Accepted($$"""{"type":"track","event":"E","userId":"u","timestamp":"{{stamp}}"}""", historical: true, contract: contract).OccurredAt.ToIso();
        Assert.Equal("2026-01-15T05:00:00.000Z", At("2026-01-15"));
        Assert.Equal("2026-01-15T00:30:00.000Z", At("2026-01-15T00:30:00"));
        Assert.Equal("2026-01-16T00:00:00.000Z", At("2026-01-15T24:00:00"));
        var apia = new SenderContract { Zone = DateTimeZoneProviders.Tzdb["Pacific/Apia"] };
        Assert.Equal("2011-12-30T10:00:00.000Z",
            Accepted("""{"type":"track","event":"E","userId":"u","timestamp":"2011-12-30"}""", contract: apia).OccurredAt.ToIso());
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"03/01/2026\"")]
    [InlineData("\"2026-13-01T00:00:00Z\"")]
    [InlineData("\"gestern\"")]
    [InlineData("20260301")]
    [InlineData("\"20260301\"")]
    [InlineData("0")]
    [InlineData("-1609459200")]
    [InlineData("1609459200000000")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("\"2026-03-01T24:00:01Z\"")]
    [InlineData("\"2026-03-01T24:30:00Z\"")]
    [InlineData("\"2026-03-01T24:00:00.5Z\"")]
    [InlineData("\"2026-03-01T25:00:00Z\"")]
    [InlineData("\"2026-02-30\"")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00.0001Z\"")]
    [InlineData("\"1899-12-31T23:59:59.999Z\"")]
    [InlineData("\"9999-01-01T00:00:00Z\"")]
    public void A_time_that_cannot_be_read_is_that_of_receipt_with_a_warning_and_no_history(string sent)
    {
        var message = $$"""{"type":"track","event":"E","userId":"u","timestamp":{{sent}}}""";
        Assert.Equal((Stamps.Receipt, "timestamp_unreadable"), (Accepted(message).OccurredAt, Accepted(message).Codes()));
        Assert.Equal("timestamp_unreadable", Refused(message, historical: true).Code);
        Assert.Equal("timestamp_unreadable", Refused(message.Replace("\"userId\"", "\"historical\":true,\"userId\"", StringComparison.Ordinal)).Code);
    }

    [Fact]
    public void A_live_message_needs_no_time_and_history_without_one_is_warned_of()
    {
        Assert.Equal("", Accepted("""{"type":"track","event":"E","userId":"u","timestamp":null}""").Codes());
        Assert.Equal("timestamp_missing", Accepted("""{"type":"track","event":"E","userId":"u"}""", historical: true).Codes());
    }

    [Fact]
    public void A_time_that_has_not_come_yet_is_warned_of_and_no_history()
    {
        const string Message = """{"type":"track","event":"E","userId":"u","timestamp":"2026-11-22T12:01:00.001Z"}""";
        Assert.Equal("timestamp_in_future", Accepted(Message).Codes());
        Assert.Equal("timestamp_in_future", Refused(Message, historical: true).Code);
        Assert.Equal("", Accepted(Message, historical: true, frozen: true).Codes());
        Assert.Equal("", Accepted(Message.Replace("00.001Z", "00Z", StringComparison.Ordinal)).Codes());
    }

    [Theory]
    [InlineData("\"timestamp\":\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"originalTimestamp\":\"0001-01-01T00:00:00Z\"")]
    public void A_clock_that_was_never_set_says_nothing_and_is_kept_as_sent(string stamp)
    {
        var message = Accepted($$"""{"type":"track","event":"E","userId":"u",{{stamp}}}""");
        Assert.Equal(Stamps.Receipt, message.OccurredAt);
        Assert.Contains("0001-01-01T00:00:00", message.Open().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_and_the_last_year_that_count_are_taken_as_they_are() => Assert.Equal(
        ("1900-01-01T00:00:00.000Z", "9998-12-31T23:59:59.999Z"), (OccurredAt("\"1900-01-01T00:00:00Z\""), OccurredAt("\"9998-12-31T23:59:59.999Z\"")));

    [Theory]
    [InlineData("1900-01-01T00:00:00Z", "9998-01-01T00:00:00Z")]
    [InlineData("9998-01-01T00:00:00Z", "1900-01-01T00:00:00Z")]
    public void A_correction_beyond_all_years_is_none(string sentAt, string made) => Assert.Equal(Stamps.Receipt, Accepted(
        $$"""{"type":"track","event":"E","userId":"u","timestamp":"{{made}}","sentAt":"{{sentAt}}"}""", ClockMode.Client).OccurredAt);

    [Fact]
    public void Where_only_the_SDKs_own_stamp_is_there_it_counts() => Assert.Equal("2026-03-01T08:00:00.000Z",
        Accepted("""{"type":"track","event":"E","userId":"u","originalTimestamp":"2026-03-01T08:00:00.000Z"}""").OccurredAt.ToIso());

    [Fact]
    public void In_client_mode_a_wrong_clock_is_put_right()
    {
        // The device was a day slow; the event happened ten seconds before it was sent.
        const string Message = """{"type":"track","event":"E","userId":"u","timestamp":"2026-11-21T11:59:50Z"}""";
        const string SentAt = ",\"sentAt\":\"2026-11-21T12:00:00Z\"";
        Assert.Equal("2026-11-22T11:59:50.000Z", Accepted(Message, ClockMode.Client, shared: SentAt).OccurredAt.ToIso());
        Assert.Equal("2026-11-21T11:59:50.000Z", Accepted(Message, ClockMode.Server, shared: SentAt).OccurredAt.ToIso());
        Assert.Equal("2026-11-21T11:59:50.000Z", Accepted(Message, ClockMode.Client).OccurredAt.ToIso());
        Assert.Equal("2026-11-21T11:59:50.000Z", Accepted(Message, ClockMode.Client, historical: true, shared: SentAt).OccurredAt.ToIso());
    }

    [Fact]
    public void All_stamps_are_kept_as_they_were_sent()
    {
        var open = Accepted("""{"type":"track","event":"E","userId":"u","timestamp":"nonsense","originalTimestamp":5}""", shared: ",\"sentAt\":\"x\"").Open();
        Assert.Equal(("nonsense", 5, "x"), ((string?)open["timestamp"], (int?)open["original_timestamp"], (string?)open["sent_at"]));
    }

    private static string OccurredAt(string timestamp) =>
        Accepted($$"""{"type":"track","event":"E","userId":"u","timestamp":{{timestamp}}}""").OccurredAt.ToIso();
}
