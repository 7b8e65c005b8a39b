using Lifecycle.Delivery.Sql;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Contract;

/// <summary>Endpoints, claims, outcomes and what is carried, one after another.</summary>
internal static class DeliveryScenes
{
    private static readonly DateTime Then = new(2199, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Owner = new("11111111-0000-4000-8000-000000000001");
    private static readonly Guid One = new("0a000000-0000-4000-8000-000000000001"), Two = new("f0000000-0000-4000-8000-000000000002");

    public static async Task PlayAsync(Transcript both)
    {
        await both.ReadAsync(3, false, LogStatements.Command("acquire_lease").With(0).With(Owner).With(TimeSpan.FromHours(1)));
        await RequestAsync(both, One); // Before there is an endpoint.
        await both.ReadAsync(Of(DeliverySql.CreateEndpoint).With(1).With("http://a.example/").With("secret").With(Then));
        await both.ReadAsync(Of(DeliverySql.CreateEndpoint).With(1).With("http://b.example/").With("secret").With(Then));
        await both.WriteAsync(Of(DeliverySql.DisableEndpoint).With(1).With(2).With("by_hand"));
        await RequestAsync(both, Two);
        await RequestAsync(both, Two);
        await both.ReadAsync(Of(DeliverySql.CountPending).With(0).With(1));

        await both.ReadAsync(100, true, Of(DeliverySql.ClaimDue).With(0).With(Then).With(10).With(Then.AddDays(1)));
        await both.ReadAsync(100, true, Of(DeliverySql.ClaimDue).With(0).With(Then).With(10).With(Then.AddDays(1)));
        await both.WriteAsync(Result(One, 0, attempt: 7, status: 1));
        await both.WriteAsync(Result(One, 0, attempt: 1, status: 2));
        await both.WriteAsync(Result(One, 0, attempt: 1, status: 1));
        await both.WriteAsync(Result(Two, 1, attempt: 1, status: 0));
        for (var time = 0; time < 2; time++)
            await both.WriteAsync(Of(DeliverySql.RecordAttempt).With(0).With(1).With(Two).With(1).With(1).With(Then).With(20).With((int?)503).With((string?)null));
        await both.ReadAsync(100, true, Of(DeliverySql.ClaimDue).With(0).With(Then.AddDays(9)).With(10).With(Then.AddDays(10)));
        await both.ReadAsync(Of(DeliverySql.CountPending).With(0).With(1));

        await both.WriteAsync(Of(DeliverySql.MarkFailing).With(1).With(1).With(Then));
        await both.WriteAsync(Of(DeliverySql.MarkFailing).With(1).With(1).With(Then.AddDays(1)));
        await both.ReadAsync(Of(DeliverySql.FindEndpoint).With(1).With(1));
        await both.WriteAsync(Of(DeliverySql.MarkHealthy).With(1).With(1));
        await both.WriteAsync(Of(DeliverySql.MarkHealthy).With(1).With(1));
        await both.ReadAsync(Of(DeliverySql.FindEndpoint).With(1).With(2));
        await both.ReadAsync(Of(DeliverySql.FindEndpoint).With(1).With(3));
        await CarryAsync(both);
    }

    private static async Task CarryAsync(Transcript both)
    {
        for (var time = 0; time < 2; time++)
        {
            await both.WriteAsync(Guarded("hand_over").With(new[] { 1, 1 }).With(new[] { Two, One }).With(new[] { Then, Then })
                .With(new[] { "bob", "ann" }).With(new short[] { 1, 2 }).With(new[] { "identity_claimed", "identity_claimed" })
                .With(new short[] { 1, 1 }).With(new byte[][] { [1], [2] }));
        }
        await both.ReadAsync(Of(DeliverySql.ReadCarry).With(0).With(10));
        await both.ReadAsync(Of(DeliverySql.ReadCarry).With(0).With(1));
        await both.WriteAsync(Of(DeliverySql.RemoveCarried).With(0).With(new[] { 1 }).With(new[] { One }));
        await both.WriteAsync(Of(DeliverySql.RemoveCarried).With(0).With(new[] { 1 }).With(new[] { One }));
        await both.ReadAsync(Of(DeliverySql.ReadCarry).With(0).With(10));
    }

    private static Task RequestAsync(Transcript both, Guid key) => both.WriteAsync(Guarded("request_deliveries")
        .With(new[] { 1 }).With(new[] { One }).With(new[] { key }).With(new[] { Then }).With(new byte[][] { [7] }));

    private static NpgsqlBatchCommand Result(Guid key, int endpoint, int attempt, short status) => Of(DeliverySql.RecordResult)
        .With(0).With(1).With(key).With(endpoint).With(attempt).With(status).With(Then.AddDays(2)).With((int?)503).With((string?)"http_503");

    private static NpgsqlBatchCommand Guarded(string name) => ProjectionSql.InBatch(name).With(0).With(1L).With(Owner);

    private static NpgsqlBatchCommand Of(string text) => new(text);
}
