using System.Globalization;
using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>What happened to a customer, at random: late, at one instant with something else, imported late, with amounts of other currencies, of wrong types, or of none.</summary>
public sealed class RandomHistory(Dice dice, Model model)
{
    /// <summary>Events in order of arrival.</summary>
    public IReadOnlyList<ModelEvent> Events(int most = 24)
    {
        var hours = new List<int>();
        // Now and then much comes in one request, all of it at one instant.
        var burst = 0;
        for (var i = dice.Between(1, most + 1); i > 0; i--)
        {
            if (burst == 0 && dice.OneIn(12)) burst = dice.Between(2, 8);
            else if (burst > 0) burst--;
            hours.Add(hours.Count > 0 && (burst > 0 || dice.OneIn(5)) ? hours[^1] : dice.Below(RandomModel.Hours * 3 / 4));
        }
        hours.Sort();
        return [.. hours.Select((hour, number) => Event(number, model.Start + Duration.FromHours(hour)))];
    }

    private ModelEvent Event(int number, Instant arrives)
    {
        var occurred = arrives - Duration.FromHours(dice.OneIn(6) ? dice.Between(1, 120) : 0);
        var name = dice.Pick("order_completed", "order_completed", "order_completed", "played", "played", "played", "order_refunded", "chargeback", "page_viewed",
            ModelEvent.Profile);
        // The first event is live, so that whatever is imported after it is late.
        var imported = number > 0 && dice.OneIn(8);
        return new ModelEvent(number, arrives, occurred, name, [.. name switch
        {
            "order_completed" => Order(occurred),
            "order_refunded" or "chargeback" => Refund(),
            "played" => Play(),
            "page_viewed" => View(),
            _ => Said(occurred),
        }]) { Imported = imported };
    }

    private IEnumerable<(string, object?)> Order(Instant occurred)
    {
        if (!dice.OneIn(10)) yield return ("revenue", Odd(dice.Below(400) / 2m));
        if (dice.OneIn(3)) yield return ("currency", dice.Pick("EUR", "eur", "USD", "USD", "CNY"));
        if (dice.OneIn(2)) yield return ("order_id", dice.Pick<object?>("o1", "o2", "o3", "4", ""));
        if (!dice.OneIn(6)) yield return ("sku", dice.OneIn(12) ? 7m : dice.Pick("a", "b", "c"));
        if (!dice.OneIn(4)) yield return ("items", Odd(dice.Below(5)));
        if (!dice.OneIn(3)) yield return ("gift", dice.Pick<object?>(true, true, false, "yes", null));
        if (!dice.OneIn(3)) yield return ("ready_at", Time(occurred + Duration.FromHours(dice.Between(-60, 60))));
        if (!dice.OneIn(3)) yield return ("due", Day(occurred + Duration.FromDays(dice.Between(-3, 4))));
        if (!dice.OneIn(3)) yield return ("lasted", dice.Pick<object?>("P1D", "PT5H", "P2W", "PT36H", "P1M", 5m, "soon"));
    }

    private IEnumerable<(string, object?)> Refund()
    {
        if (!dice.OneIn(10)) yield return ("revenue", Odd(-dice.Below(300) / 2m));
        if (!dice.OneIn(3)) yield return ("order_id", dice.Pick<object?>("o1", "o2", "o3", 4m));
        if (dice.OneIn(4)) yield return ("currency", dice.Pick("EUR", "USD"));
        if (!dice.OneIn(3)) yield return ("sku", dice.Pick("a", "b"));
    }

    private IEnumerable<(string, object?)> Play()
    {
        if (!dice.OneIn(5)) yield return ("score", Odd(dice.Between(-5, 50)));
        if (!dice.OneIn(5)) yield return ("mode", dice.Pick<object?>("duel", "raid", true));
    }

    private IEnumerable<(string, object?)> View()
    {
        if (!dice.OneIn(5)) yield return ("path", dice.Pick("x", "y", "z"));
        if (!dice.OneIn(5)) yield return ("seconds", Odd(dice.Below(60)));
        if (!dice.OneIn(3)) yield return ("page", dice.OneIn(6) ? "flat" : new List<(string, object?)> { ("title", "t"), ("depth", (decimal)dice.Below(6)) });
    }

    private IEnumerable<(string, object?)> Said(Instant occurred)
    {
        if (dice.OneIn(2)) yield return ("country", dice.Pick<object?>("DE", "CN", "a", null, 7m));
        if (dice.OneIn(2)) yield return ("score", dice.OneIn(6) ? null : Odd(dice.Below(100)));
        if (dice.OneIn(2)) yield return ("vip", dice.Pick<object?>(true, true, false, null, "true"));
        if (dice.OneIn(2)) yield return ("renewal_at", Time(occurred + Duration.FromHours(dice.Between(-60, 200))));
        if (dice.OneIn(2)) yield return ("birthday", Day(occurred + Duration.FromDays(dice.Between(-3, 4))));
        if (dice.OneIn(2)) yield return ("patience", dice.Pick<object?>("PT36H", "P3D", "P1W", null));
    }

    /// <summary>A number, now and then as a text, and now and then none.</summary>
    private object? Odd(decimal number) => dice.Below(25) switch
    {
        0 => number.ToString(CultureInfo.InvariantCulture),
        1 => dice.Pick<object?>("free", null, true, ""),
        _ => number,
    };

    private object? Time(Instant at) => dice.Below(8) switch
    {
        0 => dice.Pick<object?>("tomorrow", 12m, null),
        1 => at.InUtc().Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
        2 => at.InZone(DateTimeZoneProviders.Tzdb[model.Zone]).LocalDateTime.ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        3 or 4 => at.InUtc().LocalDateTime.PlusHours(2).ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + "+02:00",
        _ => at.InUtc().LocalDateTime.ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + "Z",
    };

    private object? Day(Instant at) => dice.OneIn(10)
        ? dice.Pick<object?>("2026-02-30", "soon", null)
        : at.InUtc().Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) + (dice.OneIn(8) ? "T10:00:00Z" : "");
}
