using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Of what is said of one instant, what came in later is the later word; no id decides anything.</summary>
public sealed class EqualInstantTests
{
    private const string Shop = """
        definition: shop
        customer: { country: text, plan: text }
        events: { go: { n: number } }
        metrics:
          latest_n: latest(go.n)
          list: all(go.n)
        tracks:
          lifecycle:
            - stage: new
            - stage: chosen
              when: customer.country == 'TW' and customer.plan == 'pro' and count(go) >= 1
        """;

    private const string Journey = """
        journey: hello
        trigger: enter chosen
        steps:
          - send: { channel: webhook, template: hi }
        """;

    [Fact]
    public void The_last_word_of_a_batch_counts_whatever_the_ids()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            var life = Life.Under(Shop, Journey).At(turn)
                .Takes(Said("""{"country":"CN"}""")).Takes(Said("""{"plan":"free"}""")).Does("consent_updated", """{"granted":true}""")
                .Takes(Said("""{"country":"TW"}""")).Takes(Said("""{"plan":"pro"}""")).Does("unsubscribed").Does("go").Is("chosen");
            Assert.Equal("consent", Assert.Single(life.All<ActionWithheld>()).Because);
            Assert.Empty(life.All<ActionRequested>());
        }
    }

    [Fact]
    public void Of_one_channel_and_of_all_the_later_word_counts()
    {
        Assert.False(After("consent_updated|webhook|true", "unsubscribed||"));
        Assert.True(After("unsubscribed||", "consent_updated|webhook|true"));
        Assert.False(After("consent_updated||true", "unsubscribed|webhook|"));
        Assert.True(After("unsubscribed|webhook|", "consent_updated||true"));
        Assert.True(After("unsubscribed|email|"));

        static bool After(params string[] words)
        {
            var life = Life.Under(Shop).At(0);
            foreach (var parts in words.Select(word => word.Split('|')))
            {
                var channel = parts[1] == "" ? "" : $"\"channel\":\"{parts[1]}\"";
                var granted = parts[2] == "" ? "" : $"\"granted\":{parts[2]}";
                life.Does(parts[0], $"{{{string.Join(',', new[] { channel, granted }.Where(part => part != ""))}}}");
            }
            return life.State.History.Allows("webhook");
        }
    }

    [Fact]
    public void An_earlier_word_that_comes_late_changes_nothing()
    {
        var life = Life.Under(Shop).At(2).Does("unsubscribed").At(3);
        life.Takes(new Touchpoint("consent_updated", Properties.Parse("""{"channel":"webhook","granted":true}""")), occurred: Life.Day(1));
        Assert.False(life.State.History.Allows("webhook"));
        life.At(4).Takes(Said("""{"plan":"pro"}""")).At(5).Takes(Said("""{"plan":"free"}"""), occurred: Life.Day(1));
        Assert.Equal("pro", life.State.History.AttributeOf("plan").Text);
    }

    [Fact]
    public void The_latest_of_events_of_one_instant_is_the_one_that_came_last()
    {
        var life = Life.Under(Shop).At(1);
        foreach (var n in (int[])[5, 3, 9, 1]) life.Does("go", $$"""{"n":{{n}}}""");
        Assert.Equal(["1", "5, 3, 9, 1"], life.Release.Metrics.Select(metric => metric.Term.Evaluate(life.Release.Read(life.State, Life.Day(1))).ToString()));
    }

    private static ProfileChanged Said(string traits) => new(Properties.Parse(traits));
}
