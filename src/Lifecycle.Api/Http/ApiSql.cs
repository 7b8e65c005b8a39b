using Lifecycle.EventLog.Sql;

namespace Lifecycle.Api.Http;

/// <summary>The SQL statements of this project, one per file beside the endpoint that asks.</summary>
internal static class ApiSql
{
    private static readonly SqlFolder Statements = SqlFolder.Beside(typeof(ApiSql));

    public static readonly string ListQuarantine = Statements["list_quarantine"];
    public static readonly string CountPendingDeliveries = Statements["count_pending_deliveries"];
}
