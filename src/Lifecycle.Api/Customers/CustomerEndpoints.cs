using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lifecycle.Api.Http;
using Lifecycle.Domain.Values;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Queries;
using NodaTime;

namespace Lifecycle.Api.Customers;

/// <param name="Since">When the customer entered the stage.</param>
/// <param name="Release">The release under which they did.</param>
public sealed record TrackAnswer(string Stage, Instant Since, int Release);

/// <summary>A benefit that the customer has.</summary>
/// <param name="Until">When it ends unless a stage confers it again before; null while a stage confers it, and for the past.</param>
public sealed record BenefitAnswer(string Name, Instant? Until);

/// <param name="Clock">The instant at which everything here is read.</param>
/// <param name="NextReview">When time alone may change something next; null for never, and for the past.</param>
/// <param name="Points">The balance, below zero for a debt; null where the release gives no points.</param>
/// <param name="Approximate">The metrics whose values are near the truth and no longer exact, for they are over more events than are remembered one
/// by one; absent where there are none.</param>
public sealed record CustomerAnswer(string Id, Instant? FirstSeen, Instant? LastSeen, Instant Clock, Instant? NextReview, JsonObject Attributes,
    IReadOnlyDictionary<string, Value> Metrics, decimal? Points, IReadOnlyDictionary<string, TrackAnswer> Tracks,
        IReadOnlyList<BenefitAnswer> Benefits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Approximate);

/// <param name="Until">When it ends unless a stage confers it again before; null while a stage confers it.</param>
public sealed record HeldAnswer(string Name, bool Held, Instant? Until);

/// <summary>A customer's page and timeline.</summary>
public static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/customers/{id}", GetAsync).WithName("customer").Produces<CustomerAnswer>();
        routes.MapGet("/customers/{id}/benefits/{name}", BenefitAsync).WithName("benefit").Produces<HeldAnswer>();
        routes.MapGet("/customers/{id}/timeline", TimelineAsync).WithName("timeline").Produces<ItemList<TimelineItem>>();
    }

    public static IResult Unknown(CustomerId customer) =>
        Problems.NotFound("unknown_customer", $"Nothing is known of a customer '{EmbeddedTexts.Shorten(customer.Value)}'.");

    private static async Task<IResult> GetAsync(CustomerId customer, Caller caller, CustomerQueries customers, string? at, CancellationToken ct)
    {
        var parameters = new Parameters();
        var instant = parameters.Past("at", at, await customers.LatestAsync(caller.Tenant, ct));
        if (parameters.Refusal is { } refusal) return refusal;
        var page = instant is { } then ? await customers.FindAtAsync(caller.Tenant, customer.Value, then, ct)
            : await customers.FindAsync(caller.Tenant, customer.Value, ct);
        return page is null ? Unknown(customer) : Results.Json(ToAnswer(page), ApiJson.Options);
    }

    private static async Task<IResult> BenefitAsync(HttpContext context, CustomerId customer, Caller caller, CustomerQueries customers,
        CancellationToken ct)
    {
        var name = RawTarget.Segment(context, 4);
        return await customers.FindBenefitAsync(caller.Tenant, customer.Value, name, ct) is { } benefit
            ? Results.Json(new HeldAnswer(name, benefit.Held, benefit.Until), ApiJson.Options)
            : Unknown(customer);
    }

    private static async Task<IResult> TimelineAsync(HttpContext context, CustomerId customer, Caller caller, TimelineQueries timelines, string? from,
        string? to,
        string? kind, string? name, string? order, string? limit, string? cursor, CancellationToken ct)
    {
        var parameters = new Parameters();
        var question = new TimelineQuestion
        {
            From = parameters.Instant("from", from),
            To = parameters.Instant("to", to),
            Kinds = Words(kind)?.Select(word => KindOf(parameters, word)).ToList(),
            Names = Words(name),
            LatestFirst = parameters.Choice("order", order, "asc", "desc") == "desc",
            Limit = parameters.Limit(limit, max: TimelineQuestion.LimitMax),
            After = CursorOf(parameters, caller.Tenant, cursor),
        };
        if (parameters.Refusal is { } refusal) return refusal;
        return await timelines.ReadAsync(caller.Tenant, customer.Value, question, ct) is { } page
            ? ListAnswers.Page(context, page.Items, page.Next?.For(caller.Tenant))
            : Unknown(customer);
    }

    private static CustomerAnswer ToAnswer(CustomerPage page) =>
        new(page.Id, page.FirstSeen, page.LastSeen, page.Clock, page.NextReview, page.Attributes,
        page.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value), page.Points,
        page.Tracks.ToDictionary(place => place.Track, place => new TrackAnswer(place.Stage, place.Since, place.Release)),
        [.. page.Benefits.Select(benefit => new BenefitAnswer(benefit.Name, benefit.Until))], page.Approximate.Count == 0 ? null : page.Approximate);

    private static TimelineKind KindOf(Parameters parameters, string word) => word switch
    {
        "input" => TimelineKind.Input,
        "fact" => TimelineKind.Fact,
        "span" => TimelineKind.Span,
        _ => parameters.Refuse<TimelineKind>("kind", $"'{word}' is not one of input, fact, span."),
    };

    private static TimelineCursor? CursorOf(Parameters parameters, Tenant tenant, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return TimelineCursor.TryRead(tenant, text, out var cursor) ? cursor
            : parameters.Refuse<TimelineCursor?>("cursor", "This cursor was not made by this list.");
    }

    private static string[]? Words(string? text) =>
        string.IsNullOrEmpty(text) ? null : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
