using Lifecycle.EventLog.Sql;

namespace Lifecycle.Ingestion.Sql;

/// <summary>The SQL statements of this project, one per file.</summary>
internal static class IngestionSql
{
    private static readonly SqlFolder Statements = SqlFolder.Beside(typeof(IngestionSql));

    public static readonly string CreateKey = Statements["create_key"];
    public static readonly string FindKey = Statements["find_key"];
    public static readonly string Quarantine = Statements["quarantine"];
    public static readonly string ForgetQuarantine = Statements["forget_quarantine"];
}
