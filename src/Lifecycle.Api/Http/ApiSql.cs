namespace Lifecycle.Api.Http;

/// <summary>The SQL statements of this project, one per file beside the endpoint that asks.</summary>
internal static class ApiSql
{
    public static readonly string ListQuarantine = Read("list_quarantine");
    public static readonly string CountPendingDeliveries = Read("count_pending_deliveries");

    private static string Read(string name)
    {
        using var stream = typeof(ApiSql).Assembly.GetManifestResourceStream($"Sql/{name}.sql")
            ?? throw new InvalidOperationException($"Sql/{name}.sql is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
