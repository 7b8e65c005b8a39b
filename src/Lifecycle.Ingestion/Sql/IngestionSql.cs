namespace Lifecycle.Ingestion.Sql;

/// <summary>The SQL statements of this project, one per file.</summary>
internal static class IngestionSql
{
    public static readonly string CreateKey = Read("create-key");
    public static readonly string FindKey = Read("find-key");
    public static readonly string Quarantine = Read("quarantine");
    public static readonly string ForgetQuarantine = Read("forget-quarantine");

    private static string Read(string name)
    {
        using var stream = typeof(IngestionSql).Assembly.GetManifestResourceStream($"Sql/{name}.sql")
            ?? throw new InvalidOperationException($"Sql/{name}.sql is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
