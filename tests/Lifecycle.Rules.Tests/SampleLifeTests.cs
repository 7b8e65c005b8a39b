using System.Globalization;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Rules.Tests;

/// <summary>Lives under the sample definitions: what their numbers do to people.</summary>
public sealed class SampleLifeTests
{
    [Fact]
    public void A_shopper_who_buys_once_is_at_risk_lapsed_and_lost_at_the_very_instants() =>
        Assert.Equal("0 exploration, 45 at_risk, 90 lapsed, 365 lost", Life.InShop().Buys(0).Until(800).Moves("lifecycle"));

    [Fact]
    public void A_second_purchase_day_is_formation_and_a_second_order_on_one_day_is_not() =>
        Assert.Equal("0 exploration, 10 formation", Life.InShop().Buys(0).Buys(0.1).Buys(10).Moves("lifecycle"));

    [Fact]
    public void A_lapsed_customer_who_buys_is_back_in_formation() =>
        Assert.Equal("0 exploration, 45 at_risk, 90 lapsed, 200 formation, 245 at_risk", Life.InShop().Buys(0).Buys(200).Until(246).Moves("lifecycle"));

    [Fact]
    public void A_regular_is_stable_after_90_days_and_a_purchase_brings_them_back_to_stability() =>
        Assert.Equal("0 exploration, 30 formation, 90 stability, 130 at_risk, 140 stability",
            Life.InShop().Buys(0).Buys(30).Buys(60).Buys(85).Buys(140).Until(141).Moves("lifecycle"));

    [Fact]
    public void A_regular_who_was_away_for_most_of_a_year_begins_again_in_formation()
    {
        // On day 440 two purchase days lie within a year, that of day 100 and this one.
        var life = Life.InShop().Buys(0).Buys(20).Buys(60).Buys(100);
        Assert.Equal("0 exploration, 20 formation, 100 stability, 145 at_risk, 190 lapsed, 440 formation", life.Buys(440).Moves("lifecycle"));
    }

    [Fact]
    public void A_visitor_who_never_bought_falls_silent_too_and_their_first_purchase_brings_them_to_exploration() =>
        Assert.Equal("0 exploration, 45 at_risk, 50 exploration, 95 at_risk", Life.InShop().Does(0, "page_viewed").Buys(50).Until(96).Moves("lifecycle"));

    [Fact]
    public void A_tier_is_left_below_the_threshold_by_which_it_was_entered() =>
        Assert.Equal("0 none, 1 silver, 2 gold, 4 silver, 6 none",
            Life.InShop().Buys(0, 100).Buys(1, 150).Buys(2, 250).Does(3, "order_refunded", -60).Does(4, "order_refunded", -50)
                .Does(5, "order_refunded", -220).Does(6, "order_refunded", -30).Moves("vip"));

    [Fact]
    public void A_player_declines_after_14_days_and_returns_with_two_sessions() =>
        Assert.Equal("0 exploration, 15 decline, 21 returned", Life.InGame().Plays(0).Plays(1).Until(19).Plays(20).Plays(21).Moves("lifecycle"));

    [Fact]
    public void A_player_who_pays_and_plays_goes_through_formation_to_stability_and_spends_less()
    {
        var life = Life.InGame();
        for (var day = 0; day < 60; day++)
        {
            life.Plays(day);
            if (day % 5 == 0 && day < 40) life.Buys(day + 0.5, 100);
        }
        Assert.StartsWith("0 exploration, 5.5 formation, 28.5 stability, ", life.Moves("lifecycle"), StringComparison.Ordinal);
        Assert.Contains(" decline", life.Moves("lifecycle"), StringComparison.Ordinal);
    }

    /// <summary>One customer, told day by day; days count from the first of January 2026 in UTC.</summary>
    private sealed class Life(Release release)
    {
        private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 12, 0);

        private readonly CustomerMachine _machine = new("tests", number => number == release.Number ? release : Release.None);
        private readonly CustomerState _state = new(new CustomerKey(StableHash.Of("someone"))) { Release = release.Number };
        private readonly List<RecordedFact> _facts = [];
        private int _position;

        public static Life InShop() => new(Compile(Written.Sample("shop/definition.yaml")));

        public static Life InGame() => new(Compile(Written.Sample("tianxia/definition.yaml")));

        public Life Plays(double day) => Does(day, "session_start");

        public Life Buys(double day, decimal revenue = 10) => Does(day, "order_completed", revenue);

        public Life Does(double day, string name, decimal? revenue = null)
        {
            var at = At(day);
            var properties = revenue is null ? Properties.None : Properties.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"revenue":{{revenue}}}"""));
            var id = new EventId(StableHash.Of($"event {++_position}"));
            _machine.Apply(_state, new Recorded(_position, at, at, at, id, false, 0, new Touchpoint(name, properties)), _facts);
            return this;
        }

        public Life Until(double day)
        {
            _machine.LiveTo(_state, At(day), _facts);
            return this;
        }

        /// <summary>"DAY STAGE, …" with the day exact.</summary>
        public string Moves(string track) => string.Join(", ", _facts.Where(fact => fact.Fact is StageChanged moved && moved.Track == track)
            .Select(fact => string.Create(CultureInfo.InvariantCulture, $"{(fact.Clock - Start).TotalDays} {((StageChanged)fact.Fact).To}")));

        private static Instant At(double day) => Start + Duration.FromMilliseconds((long)(day * 86_400_000));

        private static Release Compile(string definition) => Written.Compile(definition);
    }
}
