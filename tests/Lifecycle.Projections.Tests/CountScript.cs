using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Thresholds;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>What tests of cut points do with a shop and ask of it.</summary>
internal static class CountScript
{
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>The shards are settled one after the other here, and the last to count tells those before it.</summary>
    public static async Task SettleTwiceAsync(ProjectionShop shop)
    {
        await shop.SettleAsync();
        await shop.SettleAsync();
    }

    /// <summary>A shard whose customers 1 to 100 have spent as much as their number says.</summary>
    public static async Task<ProjectionShop> HundredAsync(Lifecycle.Definitions.ReleaseText? release = null)
    {
        var shop = await ProjectionShop.OpenAsync(shards: 1, release: release ?? TopShop.Release);
        await shop.SendAsync([.. Enumerable.Range(1, 100).Select(i => shop.Order($"customer {i}", i))]);
        return shop;
    }

    /// <summary>Lets time pass to a quarter past the next midnight in the shop's zone.</summary>
    public static Task PassMidnightAsync(ProjectionShop shop) =>
        shop.PassAsync(TopThresholdScan.MidnightAfter(shop.Wall.Now, Zone) + Duration.FromMinutes(15) - shop.Wall.Now);

    public static Task<long> CutsAsync(ProjectionShop shop) => shop.CountAsync("event where name = 'cut_points_computed'");

    public static Task<decimal> LeastAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<decimal>("""
        select (convert_from(open, 'UTF8')::json -> 'points' -> 0 -> 'values' ->> 0)::numeric from event where name = 'cut_points_computed' order by position desc limit 1
        """);

    public static async Task<IReadOnlyList<Instant>> CutClocksAsync(ProjectionShop shop)
    {
        var clocks = await shop.Log.Server.ScalarAsync<DateTime[]>("select array_agg(clock order by clock) from event where name = 'cut_points_computed'");
        return [.. clocks.Select(Instant.FromDateTimeUtc)];
    }

    public static async Task<IReadOnlyList<string>> BestAsync(ProjectionShop shop) =>
        [.. (await shop.Stages.MembersAsync(shop.Tenant, new MembersQuestion { Track = "value", Stage = "best", Limit = 1000 }))!
            .Members.Select(member => member.Id).OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal)];
}
