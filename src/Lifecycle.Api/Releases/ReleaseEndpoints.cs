using System.Text.Json;
using Lifecycle.Api.Http;
using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.EventLog;
using Lifecycle.Ingestion;
using Lifecycle.Projections;
using NodaTime;

namespace Lifecycle.Api.Releases;

/// <summary>What is worked on until it is published. A part that is absent is taken from the release in force.</summary>
public sealed record DraftBody(string? Definition, IReadOnlyList<string>? Journeys, string? Settings);

/// <param name="Hash">Of the whole text; the ETag of the draft.</param>
public sealed record DraftAnswer(string Hash, string Definition, IReadOnlyList<string> Journeys, string? Settings);

/// <param name="Hash">The same text has the same hash.</param>
public sealed record ReleaseAnswer(int Number, string Hash, Instant PublishedAt);

/// <param name="Number">Null where nothing was published, as in a validation.</param>
/// <param name="Unchanged">The release in force says exactly this already.</param>
/// <param name="Seen">Hand it to <c>?after=</c> to wait until every customer was judged under the release.</param>
public sealed record PublishAnswer(bool Valid, int? Number, string Hash, bool Unchanged, string? Seen)
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
        routes.MapPut("/release/draft", PutDraftAsync).WithName("put_draft").Accepts<DraftBody>("application/json").Produces<DraftAnswer>();
        routes.MapPost("/release/draft/validate", ValidateAsync).WithName("validate_draft").Produces<PublishAnswer>();
        routes.MapPost("/release/draft/publish", PublishAsync).WithName("publish_draft").Produces<PublishAnswer>();
        routes.MapGet("/releases", ListAsync).WithName("releases").Produces<ItemList<ReleaseAnswer>>();
    }

    private static async Task<IResult> GetDraftAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct) =>
        await publishing.DraftAsync(caller.Tenant, ct) is { } draft ? Answer(context, draft) : NoDraft();

    private static async Task<IResult> PutDraftAsync(HttpContext context, Caller caller, Publishing publishing, LogDatabase database, CancellationToken ct)
    {
        var (body, problem) = await Bodies.ReadAsync<DraftBody>(context, ct);
        if (problem is not null) return problem;
        for (var i = 0; i < body!.Journeys?.Count; i++)
        {
            if (body.Journeys[i] is null) return Problems.BadParameter($"/journeys/{i}", "A journey is the text of a file, and null is none.");
        }
        await OneDraftAtATime.WaitAsync(ct);
        try
        {
            if (await ConflictAsync(context, caller, publishing, ct) is { } conflict) return conflict;
            var current = await CurrentAsync(database, caller.Tenant, ct);
            if ((body!.Definition ?? current?.Definition) is not { } definition)
                return Problems.Of(StatusCodes.Status422UnprocessableEntity, "definition_missing", "There is no release yet, so the draft needs a definition.");
            var draft = new ReleaseText(definition, body.Journeys ?? current?.Journeys ?? [], body.Settings ?? current?.Settings);
            await publishing.StoreDraftAsync(caller.Tenant, draft, ct);
            return Answer(context, draft);
        }
        finally
        {
            OneDraftAtATime.Release();
        }
    }

    private static async Task<IResult> ValidateAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        if (await publishing.DraftAsync(caller.Tenant, ct) is not { } draft) return NoDraft();
        var read = Publishing.Validate(draft);
        return read.Release is null ? Refusal(read.Errors) : Results.Json(new PublishAnswer(true, null, draft.Hash, false, null) { Warnings = WarningsOf(read) }, ApiJson.Options);
    }

    private static async Task<IResult> PublishAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        if (await ConflictAsync(context, caller, publishing, ct) is { } conflict) return conflict;
        if (await publishing.DraftAsync(caller.Tenant, ct) is not { } draft) return NoDraft();
        return await publishing.PublishAsync(caller.Tenant, draft, ct) switch
        {
            PublishResult.Published done => Results.Json(new PublishAnswer(true, done.Number, done.Hash, false,
                SeenToken.Of(done.Activated.Select(shard => (shard.Key, shard.Value))).ToString()) { Warnings = WarningsOf(Publishing.Validate(draft)) }, ApiJson.Options),
            PublishResult.Unchanged same => Results.Json(new PublishAnswer(true, same.Number, same.Hash, true, null) { Warnings = WarningsOf(Publishing.Validate(draft)) }, ApiJson.Options),
            PublishResult.Refused refused => Refusal(refused.Read.Errors),
            var other => throw new InvalidOperationException($"Publishing answered {other}."),
        };
    }

    private static async Task<IResult> ListAsync(Caller caller, Projections.Releases releases, CancellationToken ct)
    {
        var all = await releases.AllAsync(caller.Tenant.Id, ct);
        var newestFirst = all.OrderByDescending(release => release.Number).Select(release => new ReleaseAnswer(release.Number, release.Hash, release.PublishedAt));
        return Results.Json(new ItemList<ReleaseAnswer>([.. newestFirst], null), ApiJson.Options);
    }

    /// <summary>412 when the sender has another draft in mind than the one that is stored.</summary>
    private static async Task<IResult?> ConflictAsync(HttpContext context, Caller caller, Publishing publishing, CancellationToken ct)
    {
        var expected = context.Request.Headers.IfMatch.ToString();
        if (expected.Length == 0) return null;
        var present = await publishing.DraftAsync(caller.Tenant, ct);
        var matches = expected == "*" ? present is not null : present is not null && expected.Split(',').Any(tag => tag.Trim() == Tag(present));
        return matches ? null : Problems.Of(StatusCodes.Status412PreconditionFailed, "draft_changed", "The draft is another than the one that If-Match names; read it again.");
    }

    private static async Task<ReleaseText?> CurrentAsync(LogDatabase database, Tenant tenant, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand(Statements.ReadCurrentRelease).With(tenant.Id);
        return await command.ExecuteScalarAsync(ct) is string content ? ReleaseText.FromJson(content) : null;
    }

    private static IResult Answer(HttpContext context, ReleaseText draft)
    {
        context.Response.Headers.ETag = Tag(draft);
        return Results.Json(new DraftAnswer(draft.Hash, draft.Definition, draft.Journeys, draft.Settings), ApiJson.Options);
    }

    private static string Tag(ReleaseText draft) => $"\"{draft.Hash}\"";

    private static IResult NoDraft() => Problems.NotFound("no_draft", "There is no draft; put one to /v1/release/draft first.");

    private static IResult Refusal(IReadOnlyList<SourceError> errors) => Problems.Of(StatusCodes.Status422UnprocessableEntity, "rules_wrong",
        errors.Count == 1 ? "The rules have an error." : $"The rules have {errors.Count} errors.",
        [.. errors.Select(ItemOf)]);

    private static ProblemItem[] WarningsOf(ReadResult read) => [.. read.Warnings.Select(ItemOf)];

    private static ProblemItem ItemOf(SourceError error) =>
        new(error.File, error.Message) { Line = error.Line, Column = error.Column, Text = error.ToString() };
}
