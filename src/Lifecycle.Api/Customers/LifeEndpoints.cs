using Lifecycle.Api.Http;
using Lifecycle.Api.Stages;
using Lifecycle.Projections.Queries;

namespace Lifecycle.Api.Customers;

/// <summary>A customer's life as an image.</summary>
public static class LifeEndpoints
{
    private const int PagesMax = 5;

    public static void MapLife(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/customers/{id}/life.svg", DrawAsync).WithName("life").Produces<string>(contentType: "image/svg+xml");

    private static async Task<IResult> DrawAsync(
        CustomerId customer, Caller caller, CustomerQueries customers, StageQueries stages, TimelineQueries timelines,
        Lifecycle.Projections.Releases.ReleaseStore releases, CancellationToken ct)
    {
        if (await stages.SpansAsync(caller.Tenant, customer.Value, ct) is not { } spans) return CustomerEndpoints.Unknown(customer);
        // Outcomes come from Delivery, not from the customer; what they are about is drawn as sent.
        var events = (await MarksAsync(timelines, caller, customer, TimelineKind.Input, null, ct)).Where(mark => mark.Name != "action_outcome")
            .ToList();
        var sent = await MarksAsync(timelines, caller, customer, TimelineKind.Fact, ["action_requested"], ct);
        var release = await releases.NewestAsync(caller.Tenant.Id, ct);
        var order = release.Tracks.ToDictionary(track => track.Name,
            track => (IReadOnlyList<(string, bool)>)[.. track.Stages.Select(stage => (stage.Name, StageHues.IsDecline(stage.Name, stage.Group)))]);
        var now = (await customers.FindAsync(caller.Tenant, customer.Value, ct))?.Clock ?? await customers.PresentAsync(caller.Tenant, 0, ct);
        var picture = LifePicture.Draw(
            customer.Value, [.. spans.Select(span => new LifeSpan(span.Track, span.Stage, span.From, span.To))], events, sent, order, now,
            release.Zone);
        return Results.Text(picture, "image/svg+xml; charset=utf-8");
    }

    /// <summary>The latest marks; a life of more than some thousand events has more than a picture can show.</summary>
    private static async Task<List<LifeMark>> MarksAsync(
        TimelineQueries timelines, Caller caller, CustomerId customer, TimelineKind kind, string[]? names, CancellationToken ct)
    {
        var marks = new List<LifeMark>();
        var question = new TimelineQuestion { Kinds = [kind], Names = names, LatestFirst = true, Limit = TimelineQuestion.LimitMax };
        for (var page = 0; page < PagesMax && await timelines.ReadAsync(caller.Tenant, customer.Value, question, ct) is { } read; page++)
        {
            marks.AddRange(read.Items.Select(item => new LifeMark(item.Name, kind == TimelineKind.Input ? item.OccurredAt : item.Clock)));
            if (read.Next is null) break;
            question = question with { After = read.Next };
        }
        return marks;
    }
}
