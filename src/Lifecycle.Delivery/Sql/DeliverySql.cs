using Lifecycle.EventLog.Sql;

namespace Lifecycle.Delivery.Sql;

/// <summary>The statements of this project, one file each, by file name without its ending.</summary>
internal static class DeliverySql
{
    private static readonly SqlFolder Statements = SqlFolder.Beside(typeof(DeliverySql));

    public static readonly string FindDue = Statements["find_due"];
    public static readonly string ClaimDue = Statements["claim_due"];
    public static readonly string RecordResult = Statements["record_result"];
    public static readonly string RecordAttempt = Statements["record_attempt"];
    public static readonly string CreateEndpoint = Statements["create_endpoint"];
    public static readonly string FindEndpoint = Statements["find_endpoint"];
    public static readonly string ListEndpoints = Statements["list_endpoints"];
    public static readonly string EnableEndpoint = Statements["enable_endpoint"];
    public static readonly string DisableEndpoint = Statements["disable_endpoint"];
    public static readonly string MarkFailing = Statements["mark_failing"];
    public static readonly string MarkHealthy = Statements["mark_healthy"];
    public static readonly string ListDeliveries = Statements["list_deliveries"];
    public static readonly string ListAttempts = Statements["list_attempts"];
    public static readonly string FindDelivery = Statements["find_delivery"];
    public static readonly string ReplayDelivery = Statements["replay_delivery"];
    public static readonly string CountPending = Statements["count_pending"];
    public static readonly string ReadCarry = Statements["read_carry"];
    public static readonly string RemoveCarried = Statements["remove_carried"];
}
