using System.Collections.Concurrent;
using System.Reflection;

namespace Lifecycle.EventLog.Sql;

/// <summary>The statements of the folder Sql, by the name of their file.</summary>
internal static class SqlFiles
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    public static string Of(string name) => Texts.GetOrAdd(name, static name => Read($"Sql/{name}.sql"));

    /// <summary>Every embedded file of a folder with its text, in the order of the names.</summary>
    public static IReadOnlyList<(string Name, string Text)> Folder(string folder) =>
        [.. typeof(SqlFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[(folder.Length + 1)..], Read(name)))];

    private static string Read(string resource)
    {
        using var stream = typeof(SqlFiles).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The statement {resource} is not embedded in {Assembly.GetExecutingAssembly().GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
