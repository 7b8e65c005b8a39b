using System.Globalization;
using System.Text;
using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

public sealed class FuzzTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_CASES") ?? "100000", CultureInfo.InvariantCulture);

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "'", "\"", ":", ": ", " #", "\n", "\n  ", "\n    - ", "\t", "\r\n", "，", "（", "＝", "“", "”", "。", "-", "--", "*", "&a", "*a", "!x", "%", "|", ">", "?", "@", "`",
        "and", "or", "not", "in", "where", "count(", "sum(", "since(", "stage", "true", "1", "99999999999999999999999999999", "14 days", "3 months", "0", "\u0000", "\u2028", "\ud800", "\ufeff", "…",
        "from", "to", "ago", "this week", "any", ".", "..", "<<", "---", "...", "enter", "keep:", "when:", "stage:", "event.occurred_at", "customer.", "default(", "0.0000000000000000000000000001", "é",
    ];

    /// <summary>Whatever is done to a text, it is read to its end or explained, each error with a place that exists.</summary>
    [Fact]
    public void No_text_makes_the_reader_fail()
    {
        var small = Written.WithMetrics("a: default(since(last(session_start)), age) >= 14 days or customer.country in ['CN', 'TW']",
            "b: sum(order_completed.revenue from 60 days to 30 days ago where sku != 'x' and items >= 2) * 0.4");
        var journey = Written.Sample("tianxia/win-back.yaml");
        Parallel.For(0, Cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var random = new Random(seed);
            var definition = seed % 50 == 0 ? Written.Sample(seed % 100 == 0 ? "tianxia/definition.yaml" : "shop/definition.yaml") : small;
            var inJourney = seed % 5 == 4;
            var text = inJourney
                ? new ReleaseText(small, [Mutate(journey, random)], "settings: x\ncaps: { webhook: 1 in 24 hours }\n")
                : new ReleaseText(Mutate(definition, random), [], seed % 3 == 0 ? Mutate("settings: x\ncaps: { webhook: 1 in 24 hours }\n", random) : null);
            Check(text, seed);
        });
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
    public void No_form_of_text_is_endless_work(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 60_000 / piece.Length));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Check(new ReleaseText(text, [], null), 0);
        Check(new ReleaseText("definition: x\nmetrics:\n  a: \"" + text.Replace("\\", "").Replace("\"", "'") + "\"\n", [], null), 0);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    private static void Check(ReleaseText text, int seed)
    {
        ReadResult result;
        try
        {
            result = ReleaseReader.Read(text, 1);
        }
        catch (Exception thrown)
        {
            throw new InvalidOperationException($"Seed {seed} makes the reader throw.", thrown);
        }
        Assert.True(result.Release is null == result.Errors.Count > 0, $"Seed {seed} gives neither a release nor errors, or both.");
        foreach (var error in result.Errors)
        {
            Assert.True(error.Line >= 1 && error.Column >= 1 && error.Column <= error.SourceLine.Length + 1 && error.Length >= 1, $"Seed {seed}: {error}");
            Assert.True(error.ToString().Length < 2000, $"Seed {seed} gives an endless message.");
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
}
