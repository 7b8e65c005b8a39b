using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lifecycle.Definitions;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;
using Xunit.Abstractions;

namespace Lifecycle.Rules.Tests;

/// <summary>Whatever is done to a text, it is read to its end or explained.</summary>
/// <remarks><c>LIFECYCLE_FUZZ=10000000</c> asks for ten million rules, and a tenth as many whole files.</remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_FUZZ") ?? "500000", CultureInfo.InvariantCulture);

    /// <summary>What may be kept when all is read, and what may be taken at a time.</summary>
    private const long KeptMax = 64L << 20, TakenMax = 1L << 30;

    /// <summary>What reading one text may allocate: work is counted in bytes allocated, which are the same on every machine, and not in time.</summary>
    private const long AllocatedMax = 16L << 20;

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "'", "\"", ":", ": ", " #", "\n", "\n  ", "\n    - ", "\t", "\r\n", "，", "（", "＝", "“", "”", "。", "-", "--",
            "*", "&a", "*a", "!x", "%", "|", ">", "?", "@", "`",
        "and", "or", "not", "in", "where", "count(", "sum(", "since(", "stage", "true", "1", "99999999999999999999999999999", "14 days", "3 months",
            "0", "\u0000", "\u2028", "\ud800", "\ufeff", "…",
        "from", "to", "ago", "this week", "any", ".", "..", "<<", "---", "...", "enter", "keep:", "when:", "stage:", "event.occurred_at",
            "customer.", "default(", "0.0000000000000000000000000001", "é",
        "top(", "quantile(", "5%", "typical_gap(", "points", "trigger.", "today", "in 3 calendar days", "this month", "in this stage", "in this journey", "all(",
            "distinct(", "weeks(", "avg(", "stage_changed",
        "points_earned.points", "benefits: [a]", "grace: 3 days", "points:\n  earn:\n    - ", "event: ", "expire: ", "percent_change(", " / age",
            " * age", "time_in_stage", "known(", "least(", "p_alive",
    ];

    private static readonly string[] Rules =
    [
        "default(since(last(session_start)), age) >= 14 days or customer.country in ['CN', 'TW']",
        "sum(order_completed.revenue from 60 days to 30 days ago where sku != 'x' and items >= 2) * 0.4 - -3.5",
        "since(last(session_start)) > 2 * default(typical_gap(order_completed), 45 days) and not (stage == decline)",
        "distinct([order_completed, order_refunded].sku in 3 calendar days) + count(any this week where to == 'gold') / 2 > 50% * days(a.b today)",
        "top(spend, 5%) and points > 3 and known(customer.birthday) or stage.vip in [silver, gold]",
        "least(percent_change(a, b), greatest(floor(age / 1 day), ceil(x), round(y), abs(z))) != 7",
        "(((active_days_28 >= 8 and active_weeks == 4)))", "enter decline where time_in_stage > 3 days", "on order_completed where trigger.revenue > 100",
        "every day at 09:00", "1 in 24 hours", "36 hours",
    ];

    [Fact]
    public void No_text_makes_the_reader_fail_or_run_on()
    {
        var corpus = Corpus();
        Run(Cases / 10, seed => Check(Draw(corpus, seed), seed));
    }

    [Fact]
    public void No_rule_makes_the_parser_fail_or_run_on() => Run(Cases, seed =>
    {
        var random = new Random(seed);
        CheckRule(Mutate(Rules[random.Next(Rules.Length)], random), random.Next(8), seed);
    });

    /// <summary>Counts what each text allocates, and what is left of them all in memory.</summary>
    private void Run(int cases, Action<int> check)
    {
        for (var seed = 0; seed < 2000; seed++) check(seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var takenBefore = process.PeakWorkingSet64;
        var (dearest, gate) = (0L, new Lock());
        Parallel.For(0, cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, () => 0L, (seed, _, mine) =>
        {
            var allocated = AllocatedBy(() => check(seed));
            Assert.True(allocated < AllocatedMax, $"Seed {seed} allocates {allocated >> 10:N0} KiB.");
            return Math.Max(allocated, mine);
        }, mine =>
        {
            lock (gate) dearest = Math.Max(mine, dearest);
        });
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        process.Refresh();
        var taken = process.PeakWorkingSet64 - takenBefore;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases:N0} texts. Most allocated by one: {dearest >> 10:N0} KiB. ")
            + string.Create(CultureInfo.InvariantCulture, $"Heap grown by {kept >> 10:N0} KiB, peak working set by {taken >> 20:N0} MiB."));
        Assert.InRange(kept, long.MinValue, KeptMax);
        Assert.InRange(taken, long.MinValue, TakenMax);
    }

    /// <summary>The costliest forms that texts of the allowed length can have.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("[a: ")]
    [InlineData("'a'")]
    [InlineData("\"a\\n\" ")]
    [InlineData("a ")]
    [InlineData("a\n")]
    [InlineData("  a: 1\n")]
    [InlineData("&a [")]
    [InlineData("%")]
    [InlineData("count(e) or ")]
    [InlineData("top(a, 5%) and ")]
    public void A_form_of_text_twice_as_long_is_at_most_about_twice_the_work(string piece)
    {
        foreach (var wrapped in new[] { false, true })
        {
            var (half, whole) = (Work(piece, 30_000, wrapped), Work(piece, 60_000, wrapped));
            output.WriteLine($"{half >> 10:N0} and {whole >> 10:N0} KiB");
            Assert.True(whole < half * 5 / 2 + (64 << 10), $"{half:N0} bytes allocated, and {whole:N0} for twice the text.");
        }
    }

    private static long Work(string piece, int length, bool wrapped)
    {
        var text = string.Concat(Enumerable.Repeat(piece, length / piece.Length));
        if (wrapped)
            text = "definition: x\nmetrics:\n  a: \""
                + text.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "'", StringComparison.Ordinal) + "\"\n";
        Check(new ReleaseText(text, [], null), 0);
        return AllocatedBy(() => Check(new ReleaseText(text, [], null), 0));
    }

    private static (string[] Definitions, string[] Journeys, string[] Settings) Corpus()
    {
        var small = Written.WithMetrics("a: default(since(last(session_start)), age) >= 14 days or customer.country in ['CN', 'TW']",
            "b: sum(order_completed.revenue from 60 days to 30 days ago where sku != 'x' and items >= 2) * 0.4",
            "c: top(b, 5%) and points > 3", "d: count(stage_changed this week where to == 'gold') + distinct(order_completed.sku in 3 calendar days)",
            "e: since(last(session_start)) > 2 * default(typical_gap(order_completed), 45 days)")
            + "points:\n  earn:\n    - event: order_completed\n      where: revenue >= 1\n      points: floor(trigger.revenue * 10)\n  expire: 365 days\n";
        return ([small, small, small, small, small, small, small, small, Example.Definition, Written.Sample("tianxia/definition.yaml"),
            Written.Sample("shop/definition.yaml")],
            [Written.Sample("tianxia/win-back.yaml"),
                "journey: j\ntrigger: enter decline\nexit: count(session_start in this journey) >= 1\nsteps:\n  - wait: 3 days\n  - end\n"],
            ["settings: x\ncaps: { webhook: 1 in 24 hours, email: [1 in 1 day, 3 in 7 days] }\n"]);
    }

    private static ReleaseText Draw((string[] Definitions, string[] Journeys, string[] Settings) corpus, int seed)
    {
        var random = new Random(seed);
        var definition = corpus.Definitions[random.Next(20) == 0 ? random.Next(corpus.Definitions.Length) : 0];
        return random.Next(5) == 0
            ? new ReleaseText(corpus.Definitions[0], [Mutate(corpus.Journeys[random.Next(corpus.Journeys.Length)], random)], corpus.Settings[0])
            : new ReleaseText(Mutate(definition, random), [], random.Next(3) == 0 ? Mutate(corpus.Settings[0], random) : null);
    }

    private static void Check(ReleaseText text, int seed)
    {
        ReadResult result;
        try
        {
            result = ReleaseReader.Read(text, 1);
            if (seed % 4 == 0) Formatter.Format(new DefinitionFile("definition.yaml", text.Definition));
        }
        catch (Exception thrown)
        {
            throw new InvalidOperationException($"Seed {seed} makes the reader throw.", thrown);
        }
        Assert.True(result.Release is null == result.Errors.Count > 0, $"Seed {seed} gives neither a release nor errors, or both.");
        CheckPlaces(result.Errors, seed);
    }

    private static void CheckRule(string text, int kind, int seed)
    {
        var diagnostics = new Diagnostics();
        object? parsed;
        try
        {
            var rule = RuleText.Alone(text);
            parsed = kind switch
            {
                0 => RuleParser.ParseTrigger(rule, diagnostics),
                1 => RuleParser.ParseDuration(rule, diagnostics),
                2 => RuleParser.ParseCap(rule, diagnostics),
                _ => RuleParser.ParseExpression(rule, diagnostics),
            };
            // What is understood is understood again as it is printed.
            if (parsed is Expression expression && RuleParser.ParseExpression(RuleText.Alone(RulePrinter.Print(expression)), diagnostics) is null)
                Assert.Fail($"Seed {seed} is printed as something else: {RulePrinter.Print(expression)}");
        }
        catch (Exception thrown) when (thrown is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"Seed {seed} makes the parser throw.", thrown);
        }
        Assert.True(parsed is null == diagnostics.Count > 0, $"Seed {seed} gives neither a rule nor errors, or both.");
        CheckPlaces(diagnostics.InOrder(), seed);
    }

    private static void CheckPlaces(IReadOnlyList<SourceError> errors, int seed)
    {
        foreach (var error in errors)
        {
            if (error.Line < 1 || error.Column < 1 || error.Column > error.SourceLine.Length + 1 || error.Length < 1 || error.Message.Length == 0)
                Assert.Fail($"Seed {seed} has no place: {error}");
            if (error.ToString().Length >= 2000) Assert.Fail($"Seed {seed} gives an endless message: {error.Message}");
        }
    }

    private static string Mutate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(5))
            {
                case 0:
                    result.Remove(at, Math.Min(random.Next(1, 20), result.Length - at));
                    break;
                case 1:
                    result.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(10) == 0 ? 200 : 1)));
                    break;
                case 2:
                    result[at] = (char)random.Next(0x20, 0x7f);
                    break;
                case 3:
                    result[at] = (char)random.Next(0x10000);
                    break;
                default:
                    var length = Math.Min(random.Next(1, 60), result.Length - at);
                    result.Insert(random.Next(result.Length), result.ToString(at, length));
                    break;
            }
            if (result.Length == 0) break;
        }
        return result.ToString();
    }

    /// <summary>The bytes that a piece of work allocates on this thread.</summary>
    private static long AllocatedBy(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
