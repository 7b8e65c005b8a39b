namespace Lifecycle.Delivery.Sql;

/// <summary>The statements of this project, one file each, by file name without its ending.</summary>
internal static class DeliverySql
{
    public static readonly string FindDue = Read("find_due");
    public static readonly string ClaimDue = Read("claim_due");
    public static readonly string RecordResult = Read("record_result");
    public static readonly string RecordAttempt = Read("record_attempt");
    public static readonly string CreateEndpoint = Read("create_endpoint");
    public static readonly string FindEndpoint = Read("find_endpoint");
    public static readonly string ListEndpoints = Read("list_endpoints");
    public static readonly string EnableEndpoint = Read("enable_endpoint");
    public static readonly string DisableEndpoint = Read("disable_endpoint");
    public static readonly string MarkFailing = Read("mark_failing");
    public static readonly string MarkHealthy = Read("mark_healthy");
    public static readonly string ListDeliveries = Read("list_deliveries");
    public static readonly string ListAttempts = Read("list_attempts");
    public static readonly string FindDelivery = Read("find_delivery");
    public static readonly string ReplayDelivery = Read("replay_delivery");
    public static readonly string CountPending = Read("count_pending");
    public static readonly string ReadCarry = Read("read_carry");
    public static readonly string RemoveCarried = Read("remove_carried");

    private static string Read(string name)
    {
        using var stream = typeof(DeliverySql).Assembly.GetManifestResourceStream($"Sql/{name}.sql")
            ?? throw new InvalidOperationException($"The statement {name} is not in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
