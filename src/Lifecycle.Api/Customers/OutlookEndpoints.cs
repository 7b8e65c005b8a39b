using System.Text.Json.Serialization;
using Lifecycle.Api.Http;
using Lifecycle.Api.Stages;
using Lifecycle.Domain.Outlook;
using Lifecycle.Domain.Values;
using Lifecycle.Projections.Queries;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Api.Customers;

/// <param name="Clock">The instant from which it looks ahead.</param>
/// <param name="Zone">The definition's time zone, by which the words tell times, such as Asia/Shanghai.</param>
/// <param name="Until">As far as the moves reach: 400 days, or less where there are more moves than are listed.</param>
/// <param name="Moves">The stage changes that time alone will bring, the next first, at most 50.</param>
public sealed record OutlookAnswer(
    string Id, Instant Clock, string Zone, Instant Until, IReadOnlyList<MoveAnswer> Moves, IReadOnlyDictionary<string, TrackOutlookAnswer> Tracks);

/// <param name="Because">The condition that will move them, with every value as it will be.</param>
public sealed record MoveAnswer(string Track, string? From, string To, Instant At, ExplanationAnswer? Because, WordsAnswer Words);

/// <param name="Reachable">The stages that may be entered from the present one.</param>
public sealed record TrackOutlookAnswer(string Stage, Instant Since, StayAnswer Stay, IReadOnlyList<ReachableAnswer> Reachable);

/// <param name="Keeps">While true, no stage listed earlier may claim the customer.</param>
/// <param name="Because">The condition that keeps them, with every value; null where the stage has none.</param>
public sealed record StayAnswer(bool Keeps, ExplanationAnswer? Because, WordsAnswer Words);

/// <param name="FromHere">That it may be entered from the present stage.</param>
/// <param name="Holds">Whether its condition holds now.</param>
/// <param name="Missing">What does not hold; all of it is needed.</param>
/// <param name="HeldSince">Since when its condition has held, where it must be confirmed.</param>
/// <param name="WaitsUntil">The end of a minimum stay or a confirmation that is running.</param>
/// <param name="BlockedByKeep">The present stage is listed later and keeps the customer.</param>
public sealed record ReachableAnswer(string Stage, bool FromHere, bool Holds, IReadOnlyList<ShortfallAnswer> Missing, Instant? HeldSince,
    Instant? WaitsUntil, bool BlockedByKeep);

/// <param name="Text">The condition.</param>
/// <param name="Have">What the customer has.</param>
/// <param name="Need">What it is compared with.</param>
/// <param name="Distance">By how much the former must change.</param>
/// <param name="At">When time alone makes it true.</param>
/// <param name="Any">Alternatives, the nearest first; one is enough.</param>
/// <param name="All">Conditions of one alternative; every one is needed.</param>
public sealed record ShortfallAnswer(string Text, Value Have, Value Need, Value Distance, Instant? At, WordsAnswer Words,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ShortfallAnswer>? Any,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ShortfallAnswer>? All);

/// <summary>What becomes of a customer who stays silent, and what is missing for each stage within their reach.</summary>
public static class OutlookEndpoints
{
    public static void MapOutlook(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/customers/{id}/outlook", GetAsync).WithName("outlook").Produces<OutlookAnswer>();

    private static async Task<IResult> GetAsync(CustomerId customer, Caller caller, OutlookQueries outlooks, CancellationToken ct) =>
        await outlooks.FindAsync(caller.Tenant, customer.Value, ct) is { } found
            ? Results.Json(ToAnswer(found), ApiJson.Options)
            : CustomerEndpoints.Unknown(customer);

    private static OutlookAnswer ToAnswer(CustomerOutlook found) => new(found.Id, found.Outlook.Clock, found.Zone.Id, found.Outlook.Until,
        [.. found.Outlook.Moves.Select(move => ToAnswer(move, found.Words))],
        found.Outlook.Tracks.ToDictionary(track => track.Track.Name, track => ToAnswer(track, found.Words)));

    private static MoveAnswer ToAnswer(ComingMove move, OutlookWords words) =>
        new(move.Change.Track, move.Change.From, move.Change.To, move.At, ExplanationAnswer.Of(move.Change.Because), Told(words.Of(move)));

    private static TrackOutlookAnswer ToAnswer(TrackOutlook track, OutlookWords words)
    {
        var stay = new StayAnswer(track.Keeps, ExplanationAnswer.Of(track.Keeping), Told(words.Of(track)));
        return new TrackOutlookAnswer(track.Present.Name, track.Since, stay, [.. track.Reachable.Select(Reachable)]);

        ReachableAnswer Reachable(ReachableStage stage) => new(stage.Stage.Name, FromHere: true, stage.Holds, [.. stage.Missing.Select(Missing)],
            stage.HeldSince, stage.WaitsUntil, stage.BlockedByKeep);

        ShortfallAnswer Missing(Shortfall missing) => new(missing.Text, missing.Have, missing.Need, missing.Distance, missing.At,
            Told(words.Of(missing, track)), List(missing.Any), List(missing.All));

        IReadOnlyList<ShortfallAnswer>? List(IReadOnlyList<Shortfall> shortfalls) => shortfalls.Count == 0 ? null : [.. shortfalls.Select(Missing)];
    }

    private static WordsAnswer Told(BilingualText words) => new(words.English, words.Chinese);
}
