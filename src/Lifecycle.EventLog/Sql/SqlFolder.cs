using System.Collections.Concurrent;
using System.Reflection;

namespace Lifecycle.EventLog.Sql;

/// <summary>The statements that a project embeds from its <c>.sql</c> files, by the name of the file without its ending.</summary>
/// <remarks>File names are in snake_case and say what the statement answers or does. Parameters are positional.</remarks>
/// <param name="assembly">The project's own.</param>
public sealed class SqlFolder(Assembly assembly)
{
    private readonly ConcurrentDictionary<string, string> _texts = new();

    /// <summary>The folder of the project that a type belongs to.</summary>
    public static SqlFolder Beside(Type type) => new(type.Assembly);

    /// <summary>The text of a statement.</summary>
    /// <exception cref="InvalidOperationException">The project embeds no such file.</exception>
    public string this[string name] => _texts.GetOrAdd(name, static (name, assembly) => Read(assembly, $"Sql/{name}.sql"), assembly);

    /// <summary>Every embedded file of another folder with its text, in the order of the names.</summary>
    public IReadOnlyList<(string Name, string Text)> Files(string folder) =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[(folder.Length + 1)..], Read(assembly, name)))];

    private static string Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no file {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
