using Lifecycle.Domain.Events;
using Lifecycle.Ingestion.Segment;
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
    public void A_time_in_ISO_8601_is_taken_as_it_is(string sent, string occurredAt) => Assert.Equal(occurredAt, OccurredAt($"\"{sent}\""));

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"03/01/2026\"")]
    [InlineData("\"2026-13-01T00:00:00Z\"")]
    [InlineData("1772359200000")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00.0001Z\"")]
    [InlineData("\"1899-12-31T23:59:59.999Z\"")]
    [InlineData("\"9999-01-01T00:00:00Z\"")]
    public void A_time_that_cannot_be_read_is_that_of_receipt(string sent) => Assert.Equal(Stamps.Receipt.ToIso(), OccurredAt(sent));

    [Theory]
    [InlineData("\"timestamp\":\"0001-01-01T00:00:00Z\"", false)]
    [InlineData("\"originalTimestamp\":\"0001-01-01T00:00:00Z\"", false)]
    [InlineData("\"originalTimestamp\":\"0001-01-01T00:00:00.0001Z\"", true)]
    public void A_clock_that_was_never_set_says_nothing_and_is_kept_as_sent(string stamp, bool historical)
    {
        var message = Accepted($$"""{"type":"track","event":"E","userId":"u",{{stamp}}}""", historical: historical);
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
