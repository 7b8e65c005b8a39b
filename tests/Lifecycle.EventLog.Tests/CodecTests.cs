using System.Text;
using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

public sealed class CodecTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 11, 22, 8, 0) + Duration.FromMilliseconds(7);
    private static readonly RecordId Key = new(StableHash.Of("key")), Cause = new(StableHash.Of("cause"));
    private static readonly Properties Revenue = Properties.Parse("""{"revenue":9.90,"currency":"EUR","名前":"あ"}""");

    private static readonly Explanation Because = new(ExplanationKind.And, "count(session_start in 14 days) < 2 and since(first(signed_up)) >= 1.5 days", Value.True,
    [
        new(ExplanationKind.Compare, "count(session_start in 14 days) < 2", Value.True,
            [new(ExplanationKind.Aggregate, "count(session_start in 14 days)", Value.Of(1m), [], [Key, Cause]) { Times = [At, At - Duration.FromDays(1)] }, Explanation.Leaf(ExplanationKind.Constant, "2", Value.Of(2m))], []),
        new(ExplanationKind.Compare, "since(first(signed_up)) >= 1.5 days", Value.False,
            [Explanation.Leaf(ExplanationKind.Call, "since(first(signed_up))", Value.OfDuration(129_600_001)), Explanation.Leaf(ExplanationKind.Path, "plan", Value.Of("gold"))], []),
        Explanation.Leaf(ExplanationKind.Metric, "total", Value.Of(2_500_315.63m)),
        Explanation.Leaf(ExplanationKind.Metric, "last_seen", Value.Of(At)),
        Explanation.Leaf(ExplanationKind.Metric, "birthday", Value.Of(new LocalDate(1999, 12, 31))),
        Explanation.Leaf(ExplanationKind.Metric, "late_by", Value.OfDuration(-1500)),
        Explanation.Leaf(ExplanationKind.Metric, "nothing", Value.Missing),
        Explanation.Leaf(ExplanationKind.Path, "customer.birthday", Value.Sealed),
        Explanation.Leaf(ExplanationKind.Metric, "birthdays", Value.Of(EquatableLists.Of<Value>([Value.Of(new LocalDate(1999, 12, 31)), Value.Of("none"), Value.Of(3m)]))),
    ], []);

    private static readonly object[] Examples =
    [
        new ProfileChanged(Properties.Parse("""{"plan":"gold","age":null}""")),
        new GroupJoined("guild-7", Properties.Parse("""{"size":12}""")),
        new IdentityLinked("anonymous:42"),
        new IdentityClaimed("ann"),
        new MessageReceived("screen", Revenue),
        CustomerErased.Instance,
        new ActionOutcome(Key, 3, 2, Outcome.Postponed, At, "quiet_hours"),
        new ReleaseActivated(7, "8f14e45f", [new CutPoints("top(count(order_completed), 5%)", 40, [12m])]) { Engine = new EngineVersion(3, "2025b") },
        new HistoryOpened(),
        new HistoryClosed(),
        new CountAsked(),
        new ClockAdvanced(At),
        new CutPointsComputed([new CutPoints("top(sum(order_completed.revenue in 30 days), 5%)", 1_204, [1_234.50m]),
            new CutPoints("quantile(count(order_completed), 4)", 1_204, [0m, 0m, 3m]), new CutPoints("top(avg(order_completed.revenue), 10%)", 0, [])], [3, 7]),
        new StageChanged("lifecycle", "stability", "decline", 7, MoveCause.Event, Cause, Because),
        new StageConflict("lifecycle", "decline"),
        new JourneyStarted("win_back", 1, 7),
        new JourneyMoved("win_back", 1, 2, At),
        new JourneyEnded("win_back", 1, "exit"),
        new ActionRequested(Key, "win_back", 1, 0, "webhook", "come_back"),
        new ActionWithheld(Key, "win_back", 1, 0, "webhook", "come_back", "consent"),
        new PointsEarned(-12.50m, 187.50m, "order_refunded"),
        new PointsExpired(100m, -3m),
        new BenefitGranted("skip_queue", "vip", "silver"),
        new BenefitRevoked("skip_queue"),
        new DecisionsKept("BAEC"),
        new CarriedOver("bob", new Touchpoint("friend_joined", Revenue), 1),
        new CarryRefused("bob", 8),
    ];

    public static TheoryData<string> Names => new(EventCatalog.Entries.Select(entry => entry.Name));

    public static TheoryData<string, short> Forms
    {
        get
        {
            var forms = new TheoryData<string, short>();
            foreach (var entry in EventCatalog.Entries)
                for (short version = 1; version <= entry.Version; version++) forms.Add(entry.Name, version);
            return forms;
        }
    }

    [Fact]
    public void Every_entry_of_the_catalog_has_its_example() =>
        Assert.Equal(EventCatalog.Entries.Select(entry => entry.Type), Examples.Select(example => example.GetType()));

    [Theory, MemberData(nameof(Names))]
    public void An_event_has_an_approved_form_and_comes_back_from_it(string name)
    {
        var (entry, example) = Example(name);
        var open = Write(example);
        Assert.Equal(example, Read(entry, open));
        Approved.Matches(Indented(open), $"{name}.{entry.Version}");
    }

    /// <summary>What an older program wrote is read for ever: from the approved files, not from what is written now.</summary>
    [Theory, MemberData(nameof(Forms))]
    public void An_approved_form_is_read(string name, short version)
    {
        var (entry, example) = Example(name);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Golden(), $"{name}.{version}.verified.json")));
        Assert.Equal(AsOf(version, example), Read(entry with { Version = version }, JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Compact)));
    }

    [Fact]
    public void A_fact_is_written_in_an_earlier_form_where_that_is_asked_for()
    {
        using var document = JsonDocument.Parse(EventCodec.WriteOpen((StageChanged)Example("stage_changed").Example, version: 1));
        Assert.DoesNotContain("times", document.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("times", Encoding.UTF8.GetString(Write(Example("stage_changed").Example)), StringComparison.Ordinal);
    }

    [Fact]
    public void Points_are_written_alike_however_many_zeros_they_were_computed_with()
    {
        Assert.Equal(Write(new PointsEarned(10m, 20m, "a")), Write(new PointsEarned(10.00m, 20.0m, "a")));
        Assert.Equal(Write(new CutPointsComputed([new CutPoints("a", 1, [5m])])), Write(new CutPointsComputed([new CutPoints("a", 1, [5.0m])])));
    }

    [Fact]
    public void A_touchpoint_keeps_the_exact_text_of_its_properties_within_an_envelope()
    {
        var row = Row(EventKind.Input, "order_completed", 1, """{"message_id":"m","context":{"properties":{"no":1}},"properties":{"a":1.00,"b":[{}]},"sent_at":"x"}"""u8.ToArray());
        var input = Assert.IsType<Touchpoint>(EventCodec.ToRecorded(row).Input);
        Assert.Equal(("order_completed", """{"a":1.00,"b":[{}]}"""), (input.Name, input.Properties.ToString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"properties":null}""")]
    [InlineData("""{"properties":[1]}""")]
    public void A_touchpoint_without_properties_has_none(string open) =>
        Assert.Equal(new Touchpoint("page_viewed", Properties.None), EventCodec.ToRecorded(Row(EventKind.Input, "page_viewed", 1, Encoding.UTF8.GetBytes(open))).Input);

    [Fact]
    public void What_is_absent_stays_absent()
    {
        object[] examples =
        [
            new ActionOutcome(Key, 0, 1, Outcome.Sent, null, null),
            new StageChanged("vip", null, "none", 1, MoveCause.Activation, null, null),
            new JourneyMoved("win_back", 1, 2, null),
            new StageChanged("lifecycle", "a", "b", 1, MoveCause.Time, null, Because),
            new StageChanged("lifecycle", "a", "b", 1, MoveCause.Override, Cause, null),
            new ActionOutcome(Key, 0, 1, Outcome.Withheld, null, "no_endpoint"),
            new CarriedOver("bob", new IdentityClaimed("ann"), 8),
        ];
        Assert.All(examples, example => Assert.Equal(example, Read(EventCatalog.Of(example)!, Write(example))));
        Assert.DoesNotContain("null", Encoding.UTF8.GetString(Write(examples[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_of_a_hundred_levels_comes_back()
    {
        var deep = Explanation.Leaf(ExplanationKind.Constant, "true", Value.True);
        for (var level = 0; level < 100; level++) deep = new Explanation(ExplanationKind.Not, "not", Value.True, [deep], []);
        var fact = new StageChanged("lifecycle", "a", "b", 1, MoveCause.Event, Cause, deep);
        Assert.Equal(fact, Read(EventCatalog.Of(fact)!, Write(fact)));
    }

    [Fact]
    public void An_input_of_a_later_version_is_kept_for_a_later_program_and_a_fact_of_one_is_refused()
    {
        Assert.IsType<MessageReceived>(EventCodec.ToRecorded(Row(EventKind.Input, "identity_linked", 2, "{}"u8.ToArray())).Input);
        Assert.Throws<InvalidDataException>(() => EventCodec.ToFact(Row(EventKind.Fact, "stage_changed", 3, "{}"u8.ToArray())));
    }

    [Fact]
    public void What_is_sealed_opens_with_its_key_and_for_its_event_only()
    {
        var (key, other) = (Enumerable.Repeat((byte)1, 32).ToArray(), Enumerable.Repeat((byte)2, 32).ToArray());
        var closed = PersonalCipher.Encrypt(key, Key, "ann@example.com"u8, forRules: true);
        Assert.Equal("ann@example.com"u8.ToArray(), PersonalCipher.Decrypt(key, Key, closed));
        Assert.Null(PersonalCipher.Decrypt(other, Key, closed));
        Assert.Null(PersonalCipher.Decrypt(key, Cause, closed));
        Assert.Null(PersonalCipher.Decrypt(key, Key, closed.AsSpan(0, 10)));
        Assert.NotEqual(closed, PersonalCipher.Encrypt(key, Key, "ann@example.com"u8, forRules: true));
    }

    [Fact]
    public void The_header_of_what_is_sealed_is_read_without_the_key_and_cannot_be_changed()
    {
        var key = Enumerable.Repeat((byte)1, 32).ToArray();
        var closed = PersonalCipher.Encrypt(key, Key, "ann@example.com"u8, forRules: true, wrappingKey: 513);
        Assert.Equal((true, (ushort)513), (PersonalCipher.IsForRules(closed), PersonalCipher.WrappingKeyOf(closed)));
        Assert.Equal((false, (ushort)0), (PersonalCipher.IsForRules(PersonalCipher.Encrypt(key, Key, "x"u8, forRules: false)), PersonalCipher.WrappingKeyOf(PersonalCipher.Encrypt(key, Key, "x"u8, forRules: false))));
        for (var place = 0; place < 4; place++)
        {
            var changed = closed.ToArray();
            changed[place]++;
            Assert.Null(PersonalCipher.Decrypt(key, Key, changed));
        }
    }

    [Fact]
    public void What_was_sealed_is_read_beside_the_rest_and_known_to_be_personal()
    {
        var row = Row(EventKind.Input, "order_completed", 1, "{\"properties\":{\"revenue\":5,\"to\":{\"city\":\"Xi'an\"}}}"u8.ToArray())
            with { Personal = "{\"properties\":{\"phone\":\"13800138000\",\"to\":{\"name\":\"Ann\"}}}"u8.ToArray() };
        var properties = Assert.IsType<Touchpoint>(EventCodec.ToRecorded(row).Input).Properties;
        Assert.Equal(("13800138000", 5m, "Ann", "Xi'an"), (properties.Get(["phone"]).Text, properties.Get(["revenue"]).Magnitude,
            properties.Get(["to", "name"]).Text, properties.Get(["to", "city"]).Text));
        Assert.Equal((true, false, true, false), (properties.IsPersonal(["phone"]), properties.IsPersonal(["revenue"]),
            properties.IsPersonal(["to", "name"]), properties.IsPersonal(["to", "city"])));
        Assert.DoesNotContain("138", properties.ToString(), StringComparison.Ordinal);
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Wide = new(Compact) { WriteIndented = true };

    private static (EventCatalog.EventCatalogEntry Entry, object Example) Example(string name) =>
        (EventCatalog.Entries.Single(entry => entry.Name == name), Examples.Single(example => EventCatalog.Of(example)!.Name == name));

    /// <summary>What the example said before its type had what later versions added.</summary>
    private static object AsOf(short version, object example) => (example, version) switch
    {
        (StageChanged changed, 1) => changed with { Because = WithoutWhatVersion2Added(changed.Because!) },
        _ => example,
    };

    private static Explanation WithoutWhatVersion2Added(Explanation explanation) => explanation with
    {
        Times = [],
        Parts = [.. explanation.Parts.Where(part => part.Value.Type is not (Lifecycle.Domain.Values.RuleType.List or Lifecycle.Domain.Values.RuleType.Sealed)).Select(WithoutWhatVersion2Added)],
    };

    private static byte[] Write(object example) => example switch
    {
        Input input => EventCodec.WriteOpen(input),
        ShardInput input => EventCodec.WriteOpen(input),
        _ => EventCodec.WriteOpen((Fact)example),
    };

    private static object Read(EventCatalog.EventCatalogEntry entry, byte[] open)
    {
        var row = Row(entry.Kind, entry.Name, entry.Version, open);
        return entry.Kind switch
        {
            EventKind.Input => EventCodec.ToRecorded(row).Input,
            EventKind.ShardInput => EventCodec.ToShardInput(row).Input,
            _ => EventCodec.ToFact(row),
        };
    }

    private static LogRow Row(EventKind kind, string name, short version, byte[] open) =>
        new(0, 1, At, At, At, 1, default(CustomerKey), kind, name, version, false, 0, null, null, Key, open, null);

    private static string Indented(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Wide);
    }

    private static string Golden([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
