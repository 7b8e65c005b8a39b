using System.Collections.Frozen;
using Lifecycle.Domain;
using Lifecycle.Domain.Values;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;
using static Lifecycle.Ingestion.Tests.Segment.Messages;

namespace Lifecycle.Ingestion.Tests.Segment;

public sealed class RemarksTests
{
    private static readonly SenderContract Contract = new()
    {
        Currencies = FrozenSet.ToFrozenSet(["EUR", "USD"], StringComparer.OrdinalIgnoreCase),
        Events = new Dictionary<string, FrozenDictionary<string, SentType>>
        {
            ["order_completed"] = new Dictionary<string, SentType>
            {
                ["revenue"] = new(RuleType.Number, "money"), ["items"] = new(RuleType.Number, "number"), ["sku"] = new(RuleType.Text, "text"),
                ["gift"] = new(RuleType.Truth, "truth"), ["due"] = new(RuleType.Date, "date"), ["paid_at"] = new(RuleType.Time, "time"),
            }.ToFrozenDictionary(),
        }.ToFrozenDictionary(),
        Attributes = new Dictionary<string, SentType> { ["renewal_at"] = new(RuleType.Time, "time") }.ToFrozenDictionary(),
    };

    [Theory]
    [InlineData("""{"revenue":7.5,"items":2,"sku":"a","gift":true,"due":"2026-12-03","paid_at":"2026-12-03T10:00:00Z"}""", "")]
    [InlineData("""{"revenue":"7.50","items":"2","sku":7,"due":"2026-12-03T10:00:00Z","other":"7,50"}""", "")]
    [InlineData("""{"revenue":null}""", "")]
    [InlineData("""{"revenue":"7,50"}""", "property_type")]
    [InlineData("""{"revenue":true}""", "property_type")]
    [InlineData("""{"revenue":{"amount":7}}""", "property_type")]
    [InlineData("""{"sku":["a"]}""", "property_type")]
    [InlineData("""{"gift":"perhaps"}""", "property_type")]
    [InlineData("""{"due":"3.12.2026","paid_at":"soon"}""", "property_type property_type")]
    [InlineData("""{"revenue":7.5,"currency":"eur"}""", "")]
    [InlineData("""{"revenue":7.5,"currency":"CNY"}""", "other_currency")]
    [InlineData("""{"items":1,"currency":"CNY"}""", "")]
    [InlineData("""{"revenue":9999999999999999999}""", "")]
    [InlineData("""{"revenue":10000000000000000000}""", "number_out_of_bounds")]
    [InlineData("""{"revenue":-1e19}""", "number_out_of_bounds")]
    [InlineData("""{"revenue":1e400}""", "number_out_of_bounds")]
    [InlineData("""{"other":9999999999999999999999999999}""", "number_out_of_bounds")]
    [InlineData("""{"inner":{"other":1e25}}""", "number_out_of_bounds")]
    [InlineData("[1,2]", "not_an_object")]
    [InlineData("\"x\"", "not_an_object")]
    public void What_no_rule_would_read_as_it_is_sent_is_remarked_upon(string properties, string codes) => Assert.Equal(codes,
        Accepted($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{{properties}}}""", contract: Contract).Codes());

    [Theory]
    [InlineData("""{"type":"trak","event":"E","userId":"u"}""", "unknown_type")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"renewal_at":"next week"}}""", "property_type")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"renewal_at":"2026-12-03T10:00:00Z"}}""", "")]
    [InlineData("""{"type":"identify","userId":"u","traits":[]}""", "not_an_object")]
    [InlineData("""{"type":"track","event":"E","userId":"u","context":"web"}""", "not_an_object")]
    public void So_is_a_type_or_a_trait_that_nothing_reads(string message, string codes) => Assert.Equal(codes, Accepted(message, contract: Contract).Codes());

    [Fact]
    public void Without_a_release_nothing_is_known_of_properties() =>
        Assert.Equal("", Accepted("""{"type":"track","event":"Order Completed","userId":"u","properties":{"revenue":"7,50","currency":"CNY"}}""").Codes());

    [Fact]
    public void A_remark_is_a_sentence_about_what_was_sent()
    {
        var remarks = Accepted("""{"type":"track","event":"Order Completed","userId":"u","timestamp":"gestern","properties":{"revenue":"7,50"}}""", contract: Contract).Remarks!;
        Assert.Equal(
        [
            new IntakeWarning("timestamp_unreadable", "The time 'gestern' cannot be read; the time of receipt counts."),
            new IntakeWarning("property_type", "revenue is read as money, and '7,50' cannot be; it counts as missing."),
        ], remarks);
    }

    [Fact]
    public void One_message_has_at_most_eight()
    {
        var names = Enumerable.Range(0, 20).Select(n => $"p{n}").ToList();
        var contract = new SenderContract
        {
            Zone = DateTimeZone.Utc,
            Events = new Dictionary<string, FrozenDictionary<string, SentType>>
            {
                ["e"] = names.ToFrozenDictionary(name => name, _ => new SentType(RuleType.Number, "number")),
            }.ToFrozenDictionary(),
        };
        var properties = $"{{{string.Join(',', names.Select(name => $"\"{name}\":\"x\""))}}}";
        Assert.Equal(8, Accepted($$"""{"type":"track","event":"E","userId":"u","properties":{{properties}}}""", contract: contract).Remarks!.Count);
    }
}
