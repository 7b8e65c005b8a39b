namespace Lifecycle.EventLog.Sql;

/// <summary>The log's own statements.</summary>
internal static class SqlFiles
{
    private static readonly SqlFolder Statements = SqlFolder.Beside(typeof(SqlFiles));

    public static string Of(string name) => Statements[name];

    /// <summary>Every embedded file of a folder with its text, in the order of the names.</summary>
    public static IReadOnlyList<(string Name, string Text)> Folder(string folder) => Statements.Files(folder);
}
