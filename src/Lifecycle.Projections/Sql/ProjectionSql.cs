using System.Data.Common;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Npgsql;

namespace Lifecycle.Projections.Sql;

/// <summary>The statements of the folder Sql by the name of their file, with positional parameters.</summary>
internal static class ProjectionSql
{
    private static readonly SqlFolder Statements = SqlFolder.Beside(typeof(ProjectionSql));

    public static DbCommand Statement(this LogDatabase database, string name) => database.Source.CreateCommand(Text(name));

    /// <summary>A statement with another text before it, if one is named.</summary>
    public static DbCommand Statement(this LogDatabase database, string name, string? before) =>
        database.Source.CreateCommand(before is null ? Text(name) : Text(before) + Text(name));

    public static NpgsqlBatchCommand InBatch(string name) => new(Text(name));

    /// <summary>The text of a statement.</summary>
    public static string Text(string name) => Statements[name];
}
