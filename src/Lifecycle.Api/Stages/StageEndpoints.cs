using System.Text.Json.Serialization;
using Lifecycle.Api.Customers;
using Lifecycle.Api.Http;
using Lifecycle.Domain.Events;
using Lifecycle.Projections.Queries;
using NodaTime;

namespace Lifecycle.Api.Stages;

/// <param name="Kind">event, time, activation or override.</param>
public sealed record CauseAnswer(MoveCause Kind, RecordId? EventId);

/// <summary>A sentence in the languages of the product.</summary>
public sealed record WordsAnswer(string En, string Zh);

/// <param name="To">When they left; null for the present stage.</param>
/// <param name="Because">The condition that moved them with every value; null for a beginning.</param>
public sealed record SpanAnswer(string Track, string Stage, Instant From, Instant? To, CauseAnswer Cause, int Release, ExplanationAnswer? Because,
    WordsAnswer Words);

/// <param name="Items">Every track of the definition; only in an answer that was not asked for one track.</param>
public sealed record SummaryAnswer(string Track, Instant At, IReadOnlyList<StageCount> Stages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StageSummary>? Items);

/// <summary>Who is and was in which stage, and why.</summary>
public static class StageEndpoints
{
    public static void MapStages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/customers/{id}/stages", SpansAsync).WithName("stages").Produces<ItemList<SpanAnswer>>();
        routes.MapGet("/customers", MembersAsync).WithName("members").Produces<ItemList<StageMember>>().WithMetadata(new FiltersByAttributes());
        routes.MapGet("/stages/summary", SummaryAsync).WithName("summary").Produces<SummaryAnswer>();
        routes.MapGet("/stages/summary.svg", DrawAsync).WithName("summary-picture").Produces<string>(contentType: "image/svg+xml");
    }

    private static async Task<IResult> SpansAsync(HttpContext context, CustomerId customer, Caller caller, StageQueries stages,
        CancellationToken ct) =>
        await stages.SpansAsync(caller.Tenant, customer.Value, ct) is { } spans
            ? ListAnswers.Page(context, [.. spans.Select(ToAnswer)], next: null)
            : CustomerEndpoints.Unknown(customer);

    private static async Task<IResult> MembersAsync(HttpContext context, Caller caller, StageQueries stages, CustomerQueries customers,
        LookUpQueries lookUps, string? stage,
        string? track, string? at, string? limit, string? cursor, CancellationToken ct)
    {
        var parameters = new Parameters();
        var question = new MembersQuestion
        {
            Track = NotEmpty(track),
            Stage = NotEmpty(stage),
            At = parameters.Past("at", at, await customers.LatestAsync(caller.Tenant, ct)),
            Limit = parameters.Limit(limit, max: MembersQuestion.LimitMax),
            After = CursorOf(parameters, cursor),
        };
        foreach (var (name, value) in context.Request.Query.Where(pair => pair.Key.StartsWith(FiltersByAttributes.Prefix, StringComparison.Ordinal)))
        {
            var found = await lookUps.FindAsync(caller.Tenant, name[FiltersByAttributes.Prefix.Length..], value.ToString(), ct);
            if (found is null)
                parameters.Refuse<object>(
                    name, $"Customers are looked up by attribute.email, attribute.phone and attribute.name; not by '{EmbeddedTexts.Shorten(name)}'.");
            else question = question with { Among = question.Among is { } before ? Both(before, found) : found };
        }
        if (parameters.Refusal is { } refusal) return refusal;
        return await stages.MembersAsync(caller.Tenant, question, ct) is { } page
            ? ListAnswers.Page(context, page.Members, page.Next?.ToString())
            : Problems.BadParameter(question.Stage is null ? "track" : "stage", "No release has ever had such a track, stage or group.");
    }

    private static async Task<IResult> SummaryAsync(
        Caller caller, StageQueries stages, CustomerQueries customers, Lifecycle.Projections.Releases.ReleaseStore releases, string? track,
        string? at, CancellationToken ct)
    {
        var parameters = new Parameters();
        var instant = parameters.Past("at", at, await customers.LatestAsync(caller.Tenant, ct));
        if (parameters.Refusal is { } refusal) return refusal;
        if (await stages.SummaryAsync(caller.Tenant, NotEmpty(track), instant, ct) is not { } asked)
            return Problems.BadParameter("track", "No release has ever had such a track.");
        return Results.Json(new SummaryAnswer(asked.Track, asked.At, asked.Stages, NotEmpty(track) is null ? await AllAsync() : null),
            ApiJson.Options);

        async Task<IReadOnlyList<StageSummary>> AllAsync()
        {
            var all = new List<StageSummary> { asked };
            foreach (var other in (await releases.NewestAsync(caller.Tenant.Id, ct)).Tracks.Skip(1))
                if (await stages.SummaryAsync(caller.Tenant, other.Name, instant, ct) is { } summary) all.Add(summary);
            return all;
        }
    }

    private static async Task<IResult> DrawAsync(
        Caller caller, StageQueries stages, CustomerQueries customers, string? track, string? from, string? to, string? by, CancellationToken ct)
    {
        var parameters = new Parameters();
        var latest = await customers.LatestAsync(caller.Tenant, ct);
        var end = parameters.Past("to", to, latest) ?? latest.ToMilliseconds();
        var begin = parameters.Past("from", from, latest) ?? end - Duration.FromDays(365);
        var step = parameters.Choice("by", by, "week", "day") == "day" ? Duration.FromDays(1) : Duration.FromDays(7);
        if (begin >= end) parameters.Refuse<object>("from", "The first instant is not before the last.");
        else if ((end - begin) / step > StageHistory.InstantsMax - 2)
            parameters.Refuse<object>("from", $"That is more than {StageHistory.InstantsMax - 2} steps; take a shorter time or longer steps.");
        if (parameters.Refusal is { } refusal) return refusal;
        var steps = (int)Math.Ceiling((end - begin) / step);
        IReadOnlyList<Instant> instants = [.. Enumerable.Range(0, steps).Select(place => begin + step * place), end];
        return await stages.HistoryAsync(caller.Tenant, NotEmpty(track), instants, ct) is { } history
            ? Results.Text(StagesPicture.Draw(history), "image/svg+xml; charset=utf-8")
            : Problems.BadParameter("track", "No release has ever had such a track.");
    }

    private static SpanAnswer ToAnswer(StageSpan span) =>
        new(span.Track, span.Stage, span.From, span.To, new CauseAnswer(span.Cause, span.CauseEvent),
        span.Release, ExplanationAnswer.Of(span.Because), new WordsAnswer(span.Words.English, span.Words.Chinese));

    private static MembersCursor? CursorOf(Parameters parameters, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return MembersCursor.TryParse(text, out var cursor) ? cursor
            : parameters.Refuse<MembersCursor?>("cursor", "This cursor was not made by this list.");
    }

    private static Dictionary<int, Guid[]> Both(IReadOnlyDictionary<int, Guid[]> one, IReadOnlyDictionary<int, Guid[]> other) =>
        one.Where(shard => other.ContainsKey(shard.Key)).ToDictionary(shard => shard.Key, shard => shard.Value.Intersect(other[shard.Key]).ToArray());

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
