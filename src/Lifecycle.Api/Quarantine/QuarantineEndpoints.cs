using System.Text;
using System.Text.Json;
using Lifecycle.Api.Http;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;
using NodaTime;

namespace Lifecycle.Api.Quarantine;

/// <param name="Content">The event as far as it could be read, without what is personal; text where it was no JSON.</param>
public sealed record QuarantinedEventAnswer(Guid Id, Instant ReceivedAt, string Code, string Message, JsonElement Content);

/// <summary>What intake refused, newest first.</summary>
public static class QuarantineEndpoints
{
    private sealed record QuarantineCursor(Instant ReceivedAt, Guid Id);

    public static void MapQuarantine(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/quarantine", ListAsync).WithName("quarantine").Produces<ItemList<QuarantinedEventAnswer>>();

    private static async Task<IResult> ListAsync(HttpContext context, Caller caller, LogDatabase database, string? limit, string? cursor,
        CancellationToken ct)
    {
        var parameters = new Parameters();
        var size = parameters.Limit(limit);
        var after = parameters.Cursor<QuarantineCursor>(cursor);
        if (parameters.Refusal is { } refusal) return refusal;

        var found = new List<QuarantinedEventAnswer>();
        for (var shard = 0; shard < database.Shards; shard++) found.AddRange(await ReadAsync(database, shard, caller.Tenant, after, size + 1, ct));
        var page = found.OrderByDescending(refused => refused.ReceivedAt).ThenByDescending(refused => refused.Id).Take(size).ToList();
        return ListAnswers.Page(context, page, found.Count > size ? ListAnswers.ToCursor(new QuarantineCursor(page[^1].ReceivedAt, page[^1].Id))
            : null);
    }

    private static async Task<List<QuarantinedEventAnswer>> ReadAsync(LogDatabase database, int shard, Tenant tenant, QuarantineCursor? after,
        int limit, CancellationToken ct)
    {
        var query = database.Readers.Source.CreateCommand(ApiSql.ListQuarantine).With(shard).With(tenant.Id).With(after?.ReceivedAt).With(after?.Id)
            .With(limit);
        return await query.ListAsync(row =>
            new QuarantinedEventAnswer(row.GetGuid(0), row.GetInstant(1), row.GetString(2), row.GetString(3),
            ContentOf(QuarantineStore.Open(tenant, row.GetGuid(0), row.GetFieldValue<byte[]>(4)) ?? [])), ct);
    }

    private static JsonElement ContentOf(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, StoredJson.Parsing);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(content));
        }
    }
}
