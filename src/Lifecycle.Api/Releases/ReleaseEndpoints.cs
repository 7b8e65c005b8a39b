using System.Collections.Immutable;
using Lifecycle.Api.Http;
using Lifecycle.Definitions;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;
using Lifecycle.Projections.Releases;
using Lifecycle.Rules.Syntax;
using NodaTime;

namespace Lifecycle.Api.Releases;

/// <summary>What is worked on until it is published. A part that is absent is taken from the release in force.</summary>
/// <param name="Journeys">All journeys that the release is to have.</param>
/// <param name="Map">Where customers go whose stage is gone: <c>OLD</c> or <c>TRACK.OLD</c>, and the stage they take.</param>
public sealed record ReleaseDraftBody(string? Definition, IReadOnlyList<string>? Journeys, string? Settings, IReadOnlyDictionary<string,
    string>? Map);

/// <param name="Hash">Of the whole text; the ETag of the draft.</param>
/// <param name="BasedOn">The release that was the newest when it was begun; 0 for none.</param>
/// <param name="Changes">In what it differs from the release in force.</param>
public sealed record DraftAnswer(string Hash, int BasedOn, string Definition, IReadOnlyList<string> Journeys, string? Settings,
    IReadOnlyDictionary<string, string> Map, IReadOnlyList<ChangeAnswer> Changes);

/// <summary>What is to change in the release in force. What is not named stays.</summary>
/// <param name="Journeys">Each replaces the journey of its name, or is added.</param>
/// <param name="Remove"><c>journey:NAME</c> or <c>settings</c>.</param>
/// <param name="Map">Where customers go whose stage is gone: <c>OLD</c> or <c>TRACK.OLD</c>, and the stage they take.</param>
/// <param name="BasedOn">The number of the newest release its author saw, 0 for none; another is a conflict.</param>
public sealed record PublishBody(string? Definition, IReadOnlyList<string>? Journeys, string? Settings, IReadOnlyList<string>? Remove,
    IReadOnlyDictionary<string, string>? Map, int? BasedOn);

/// <summary>One thing in which a release differs from the one before it, in words.</summary>
/// <param name="Kind">A stable code, as <c>stage_removed</c>.</param>
public sealed record ChangeAnswer(string Kind, string Name, string? Before, string? After, IReadOnlyDictionary<string, string> Words)
{
    public static ChangeAnswer Of(ReleaseChange change) => new(change.Kind, change.Name, change.Before, change.After,
        new Dictionary<string, string> { ["en"] = change.English, ["zh"] = change.Chinese });
}

/// <param name="Hash">The same text has the same hash.</param>
public sealed record ReleaseAnswer(int Number, string Hash, Instant PublishedAt);

/// <summary>The release in force with its texts. Its hash is the ETag.</summary>
public sealed record ReleaseTextAnswer(int Number, string Hash, string Definition, IReadOnlyList<string> Journeys, string? Settings);

/// <param name="Number">Null where nothing was published, as in a validation.</param>
/// <param name="Unchanged">The release in force says exactly this already.</param>
/// <param name="Seen">Hand it to <c>?after=</c> to wait until every customer was judged under the release.</param>
/// <param name="Changes">In what it differs from the release before it.</param>
public sealed record PublishAnswer(bool Valid, int? Number, string Hash, bool Unchanged, string? Seen, IReadOnlyList<ChangeAnswer> Changes)
{
    /// <summary>What is legal and surely not meant.</summary>
    public IReadOnlyList<ProblemItem> Warnings { get; init; } = [];
}

/// <summary>Draft, validation, publication and list of releases.</summary>
public static class ReleaseEndpoints
{
    private static readonly SemaphoreSlim OneDraftAtATime = new(1);

    public static void MapReleases(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/release/draft", GetDraftAsync).WithName("draft").Produces<DraftAnswer>();
        routes.MapPut("/release/draft", PutDraftAsync).WithName("put_draft").Accepts<ReleaseDraftBody>("application/json").Produces<DraftAnswer>();
        routes.MapPost("/release/draft/validate", ValidateAsync).WithName("validate_draft").Produces<PublishAnswer>();
        routes.MapPost("/release/draft/publish", PublishAsync).WithName("publish_draft").Produces<PublishAnswer>();
        routes.MapGet("/release", GetReleaseAsync).WithName("release").Produces<ReleaseTextAnswer>();
        routes.MapPost("/release/publish", PublishPartsAsync).WithName("publish").Accepts<PublishBody>("application/json").Produces<PublishAnswer>();
        routes.MapGet("/releases", ListAsync).WithName("releases").Produces<ItemList<ReleaseAnswer>>();
    }

    private static async Task<IResult> GetDraftAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct) =>
        await publishing.DraftAsync(caller.Tenant, ct) is { } draft ? await AnswerAsync(context, caller, publishing, draft, ct) : NoDraft();

    private static async Task<IResult> PutDraftAsync(HttpContext context, Caller caller, Publishing publishing,
        Lifecycle.Projections.Releases.ReleaseStore releases, CancellationToken ct)
    {
        var (body, problem) = await Bodies.ReadAsync<ReleaseDraftBody>(context, ct);
        if (problem is not null) return problem;
        if (NullJourney(body!.Journeys) is { } missing) return missing;
        await OneDraftAtATime.WaitAsync(ct);
        try
        {
            if (await ConflictAsync(context, caller, publishing, ct) is { } conflict) return conflict;
            var newest = await releases.NewestAsync(caller.Tenant.Id, ct);
            var current = await releases.TextAsync(caller.Tenant.Id, newest.Number, ct);
            if ((body!.Definition ?? current?.Definition) is not { } definition)
                return Problems.Of(StatusCodes.Status422UnprocessableEntity, "definition_missing",
                    "There is no release yet, so the draft needs a definition.");
            var kept = ReleaseEdit.GoesOn(definition, current) ? current?.Journeys : null;
            var text = new ReleaseText(definition, body.Journeys ?? kept ?? [], body.Settings ?? current?.Settings) { Map = MapOf(body.Map) };
            // Who goes on with a draft they know goes on from the release that it was begun on.
            var goesOn = context.Request.Headers.IfMatch.Count > 0 ? await publishing.DraftAsync(caller.Tenant, ct) : null;
            var draft = new ReleaseDraft(text, goesOn?.BasedOn ?? newest.Number);
            await publishing.StoreDraftAsync(caller.Tenant, draft, ct);
            return await AnswerAsync(context, caller, publishing, draft, ct);
        }
        finally
        {
            OneDraftAtATime.Release();
        }
    }

    private static async Task<IResult> ValidateAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        if (await publishing.DraftAsync(caller.Tenant, ct) is not { } draft) return NoDraft();
        var read = Publishing.Validate(draft.Text);
        if (read.Release is null) return Refusal(read.Errors);
        var changes = await publishing.ChangesAsync(caller.Tenant, draft.Text, ct);
        return Results.Json(
            new PublishAnswer(true, null, draft.Text.Hash, false, null, [.. changes.Select(ChangeAnswer.Of)]) { Warnings = WarningsOf(read) },
            ApiJson.Options);
    }

    private static async Task<IResult> PublishAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        if (await ConflictAsync(context, caller, publishing, ct) is { } conflict) return conflict;
        if (await publishing.DraftAsync(caller.Tenant, ct) is not { } draft) return NoDraft();
        return Answer(caller.Tenant, await publishing.PublishAsync(caller.Tenant, draft.Text, draft.BasedOn, ct), draft.Text);
    }

    /// <summary>Publishes what is to change in the release in force, without a draft in between.</summary>
    private static async Task<IResult> PublishPartsAsync(HttpContext context, Caller caller, Publishing publishing,
        Lifecycle.Projections.Releases.ReleaseStore releases, CancellationToken ct)
    {
        var (body, problem) = await Bodies.ReadAsync<PublishBody>(context, ct);
        if (problem is not null) return problem;
        if (NullJourney(body!.Journeys) is { } missing) return missing;
        var newest = await releases.NewestAsync(caller.Tenant.Id, ct);
        var basedOn = body.BasedOn;
        if (context.Request.Headers.IfMatch.ToString() is { Length: > 0 } expected and not "*")
        {
            var seen = (await releases.AllAsync(caller.Tenant.Id, ct))
                .LastOrDefault(release => expected.Split(',').Any(tag => tag.Trim() == $"\"{release.Hash}\""));
            basedOn = seen?.Number ?? -1;
        }
        var edit = new ReleaseEdit(body.Definition, body.Journeys ?? [], body.Settings, body.Remove ?? [], MapOf(body.Map));
        var (text, wrong) = edit.ApplyTo(await releases.TextAsync(caller.Tenant.Id, newest.Number, ct));
        if (text is null) return Problems.Of(StatusCodes.Status422UnprocessableEntity, "edit_wrong", wrong!);
        return Answer(caller.Tenant, await publishing.PublishAsync(caller.Tenant, text, basedOn ?? newest.Number, ct), text);
    }

    private static IResult Answer(Tenant tenant, PublishResult result, ReleaseText text) => result switch
    {
        PublishResult.Published done => Results.Json(new PublishAnswer(true, done.Number, done.Hash, false,
            SeenToken.Of(done.Activated.Select(shard => (shard.Key, shard.Value))).For(tenant), [.. done.Changes.Select(ChangeAnswer.Of)])
            { Warnings = WarningsOf(Publishing.Validate(text)) }, ApiJson.Options),
        PublishResult.Unchanged same => Results.Json(new PublishAnswer(true, same.Number, same.Hash, true, null, [])
            { Warnings = WarningsOf(Publishing.Validate(text)) }, ApiJson.Options),
        PublishResult.Invalid refused => Refusal(refused.Read.Errors),
        PublishResult.Conflict conflict => Problems.Of(StatusCodes.Status409Conflict, "release_changed",
            $"Release {conflict.Newest} was published meanwhile; nothing was published. Look at what it changed, then publish again.",
            [.. conflict.Changes.Select(change => new ProblemItem(change.Name, change.English))]),
        PublishResult.Strands strands => Problems.Of(StatusCodes.Status409Conflict, "people_inside",
            "Customers are in stages that the release no longer has; nothing was published. Say where they go with `was: OLD` on the new stage, or "
            + "with a map.",
            [.. strands.Stages.Select(
                stage => new ProblemItem($"{stage.Track}.{stage.Stage}", $"{stage.Customers} customers are in {stage.Track}.{stage.Stage}."))]),
        var other => throw new InvalidOperationException($"Publishing answered {other}."),
    };

    private static async Task<IResult> GetReleaseAsync(HttpContext context, Caller caller, Lifecycle.Projections.Releases.ReleaseStore releases,
        CancellationToken ct)
    {
        var newest = await releases.NewestAsync(caller.Tenant.Id, ct);
        if (await releases.TextAsync(caller.Tenant.Id, newest.Number, ct) is not { } text)
            return Problems.NotFound("no_release", "There is no release yet.");
        context.Response.Headers.ETag = $"\"{newest.Hash}\"";
        return Results.Json(new ReleaseTextAnswer(newest.Number, newest.Hash, text.Definition, text.Journeys, text.Settings), ApiJson.Options);
    }

    private static async Task<IResult> ListAsync(Caller caller, Lifecycle.Projections.Releases.ReleaseStore releases, CancellationToken ct)
    {
        var all = await releases.AllAsync(caller.Tenant.Id, ct);
        var newestFirst = all.OrderByDescending(release => release.Number)
            .Select(release => new ReleaseAnswer(release.Number, release.Hash, release.PublishedAt));
        return Results.Json(new ItemList<ReleaseAnswer>([.. newestFirst], null), ApiJson.Options);
    }

    /// <summary>412 when the sender has another draft in mind than the one that is stored.</summary>
    private static async Task<IResult?> ConflictAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        var expected = context.Request.Headers.IfMatch.ToString();
        if (expected.Length == 0) return null;
        var present = await publishing.DraftAsync(caller.Tenant, ct);
        var matches = expected == "*" ? present is not null : present is not null && expected.Split(',').Any(tag => tag.Trim() == Tag(present.Text));
        return matches ? null
            : Problems.Of(StatusCodes.Status412PreconditionFailed, "draft_changed",
            "The draft is another than the one that If-Match names; read it again.");
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, Caller caller, Publishing publishing, ReleaseDraft draft,
        CancellationToken ct)
    {
        var text = draft.Text;
        context.Response.Headers.ETag = Tag(text);
        var changes = await publishing.ChangesAsync(caller.Tenant, text, ct);
        return Results.Json(
            new DraftAnswer(text.Hash, draft.BasedOn, text.Definition, text.Journeys, text.Settings, text.Map, [.. changes.Select(ChangeAnswer.Of)]),
            ApiJson.Options);
    }

    private static IResult? NullJourney(IReadOnlyList<string>? journeys)
    {
        for (var i = 0; i < journeys?.Count; i++)
        {
            if (journeys[i] is null) return Problems.BadParameter($"/journeys/{i}", "A journey is the text of a file, and null is none.");
        }
        return null;
    }

    private static ImmutableSortedDictionary<string, string> MapOf(IReadOnlyDictionary<string, string>? map) =>
        (map ?? ImmutableDictionary<string, string>.Empty).Where(entry => entry.Value is not null)
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static string Tag(ReleaseText draft) => $"\"{draft.Hash}\"";

    private static IResult NoDraft() => Problems.NotFound("no_draft", "There is no draft; put one to /v1/release/draft first.");

    private static IResult Refusal(IReadOnlyList<SourceError> errors) => Problems.Of(StatusCodes.Status422UnprocessableEntity, "rules_wrong",
        errors.Count == 1 ? "The rules have an error." : $"The rules have {errors.Count} errors.",
        [.. errors.Select(ItemOf)]);

    private static ProblemItem[] WarningsOf(ReadResult read) => [.. read.Warnings.Select(ItemOf)];

    private static ProblemItem ItemOf(SourceError error) =>
        new(error.File, error.Message) { Line = error.Line, Column = error.Column, Text = error.ToString() };
}
