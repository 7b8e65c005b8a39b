using System.Text;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lifecycle.Cli.Import;

/// <summary>Reads a map from YAML. All mistakes are told at once, each with its line.</summary>
public sealed class ImportMapReader
{
    private static readonly string[] MapMembers = ["format", "encoding", "header", "event", "customer", "time", "id", "where", "properties"];

    private readonly string _file;
    private readonly List<MapError> _errors = [];
    private readonly List<string> _columns = [];

    private ImportMapReader(string file) => _file = file;

    /// <summary>The map, or its mistakes.</summary>
    /// <param name="file">The map's name, as mistakes give it.</param>
    public static (ImportMap? Map, IReadOnlyList<MapError> Errors) Read(string yaml, string file)
    {
        var reader = new ImportMapReader(file);
        var map = reader.ReadDocument(yaml);
        return reader._errors.Count == 0 ? (map, []) : (null, reader._errors);
    }

    private ImportMap? ReadDocument(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            _errors.Add(new(_file, (int)exception.Start.Line, (int)exception.Start.Column, exception.Message));
            return null;
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            _errors.Add(new(_file, 1, 1, "A map is one YAML document with members like format, event, customer and time."));
            return null;
        }
        RefuseOthers(root, MapMembers);
        return ReadMap(root);
    }

    private ImportMap? ReadMap(YamlMappingNode root)
    {
        var format = Choice(root, "format", RowFormat.Csv);
        var header = Find(root, "header") is not { } node || Truth(node);
        var encoding = Find(root, "encoding") is { } letters ? ReadEncoding(letters) : Encodings.CheckedUtf8;
        var @event = Required(root, "event") is { } name ? ReadEvent(name) : null;
        var customer = Required(root, "customer") is { } id ? ReadTemplate(id) : null;
        var time = Required(root, "time") is { } when ? ReadTime(when) : null;
        var rowId = Find(root, "id") is { } own ? ReadTemplate(own) : null;
        var where = Find(root, "where") is { } condition ? ReadFilter(condition) : null;
        var properties = Find(root, "properties") is { } list ? ReadProperties(list) : [];
        return @event is null || customer is null || time is null || encoding is null || _errors.Count > 0
            ? null
            : new(format, header, _columns, @event, customer, time, rowId, where, properties) { Encoding = encoding };
    }

    private Encoding? ReadEncoding(YamlNode node) =>
        Encodings.Find(Text(node) ?? "") ?? Wrong<Encoding>(node, "The encoding is one of utf-8, latin1.");

    private EventColumn? ReadEvent(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } constant }) return new(constant, -1, new Dictionary<string, string>());
        if (node is not YamlMappingNode mapping) return Wrong<EventColumn>(node, "The event is a name, or { column: NAME }.");
        RefuseOthers(mapping, ["column", "names"]);
        var names = new Dictionary<string, string>();
        if (Find(mapping, "names") is { } list)
        {
            if (list is not YamlMappingNode pairs) return Wrong<EventColumn>(list, "The names are pairs of a value and the event it means.");
            foreach (var (value, @event) in pairs.Children) names[Text(value) ?? ""] = Text(@event) ?? "";
        }
        return Required(mapping, "column") is { } column ? new(null, ColumnOf(Text(column) ?? ""), names) : null;
    }

    private TimeColumn? ReadTime(YamlNode node)
    {
        if (node is YamlScalarNode) return new(ColumnOf(Text(node) ?? ""), null, null);
        if (node is not YamlMappingNode mapping) return Wrong<TimeColumn>(node, "The time is { column: NAME, format: …, zone: … }.");
        RefuseOthers(mapping, ["column", "format", "zone"]);
        LocalDateTimePattern? pattern = null;
        if (Find(mapping, "format") is { } format)
        {
            try
            {
                pattern = LocalDateTimePattern.CreateWithInvariantCulture(Text(format) ?? "");
            }
            catch (InvalidPatternException exception)
            {
                return Wrong<TimeColumn>(format, $"The format cannot be read: {exception.Message}");
            }
        }
        DateTimeZone? zone = null;
        if (Find(mapping, "zone") is { } name)
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(Text(name) ?? "") is not { } known)
                return Wrong<TimeColumn>(name, $"There is no time zone {Text(name)}; a name looks like Europe/Paris.");
            zone = known;
        }
        return Required(mapping, "column") is { } column ? new(ColumnOf(Text(column) ?? ""), pattern, zone) : null;
    }

    private List<PropertyColumn> ReadProperties(YamlNode node)
    {
        var properties = new List<PropertyColumn>();
        if (node is not YamlMappingNode mapping)
        {
            Wrong<object>(node, "The properties are pairs of a name and { column: NAME, type: … }.");
            return properties;
        }
        foreach (var (key, value) in mapping.Children)
        {
            var name = Text(key) ?? "";
            if (value is YamlScalarNode) properties.Add(new(name, null, ColumnOf(Text(value) ?? ""), ImportType.Text));
            else if (value is YamlMappingNode property && ReadProperty(name, property) is { } read) properties.Add(read);
            else if (value is not YamlMappingNode)
                Wrong<object>(value, "A property is the name of a column, or { column: NAME, type: … }, or { value: CONSTANT }.");
        }
        return properties;
    }

    private PropertyColumn? ReadProperty(string name, YamlMappingNode property)
    {
        RefuseOthers(property, ["column", "value", "type"]);
        var type = Choice(property, "type", ImportType.Text);
        if (Find(property, "value") is not { } constant)
            return Required(property, "column") is { } column ? new(name, null, ColumnOf(Text(column) ?? ""), type) : null;
        if (Find(property, "column") is not null) return Wrong<PropertyColumn>(property, "A property has a column or a value, not both.");
        return type == ImportType.Time || !PropertyValues.CanRead(Text(constant) ?? "", type)
            ? Wrong<PropertyColumn>(constant, $"The value is not of type {type.ToString().ToLowerInvariant()}.")
            : new(name, Text(constant), -1, type);
    }

    private Template? ReadTemplate(YamlNode node)
    {
        var (template, complaint) = Template.Parse(Text(node) ?? "", ColumnOf);
        return template ?? Wrong<Template>(node, complaint!);
    }

    private RowFilter? ReadFilter(YamlNode node)
    {
        var (filter, complaint) = RowFilter.Parse(Text(node) ?? "", ColumnOf);
        return filter ?? Wrong<RowFilter>(node, complaint!);
    }

    private T Choice<T>(YamlMappingNode mapping, string member, T otherwise) where T : struct, Enum
    {
        if (Find(mapping, member) is not { } node) return otherwise;
        foreach (var choice in Enum.GetValues<T>())
        {
            if (choice.ToString().Equals(Text(node), StringComparison.OrdinalIgnoreCase)) return choice;
        }
        Wrong<object>(node, $"{member} is one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return otherwise;
    }

    private bool Truth(YamlNode node)
    {
        if (Text(node) is not ("true" or "false")) Wrong<object>(node, "This is true or false.");
        return Text(node) == "true";
    }

    private YamlNode? Required(YamlMappingNode mapping, string member)
    {
        var node = Find(mapping, member);
        if (node is null) Wrong<object>(mapping, $"{member} is missing.");
        return node;
    }

    private void RefuseOthers(YamlMappingNode mapping, string[] members)
    {
        foreach (var key in mapping.Children.Keys)
        {
            if (!members.Contains(Text(key))) Wrong<object>(key, $"{Text(key)} means nothing here; known are {string.Join(", ", members)}.");
        }
    }

    private int ColumnOf(string name)
    {
        var place = _columns.IndexOf(name);
        if (place >= 0) return place;
        _columns.Add(name);
        return _columns.Count - 1;
    }

    private T? Wrong<T>(YamlNode node, string message) where T : class
    {
        _errors.Add(new(_file, (int)node.Start.Line, (int)node.Start.Column, message));
        return null;
    }

    private static YamlNode? Find(YamlMappingNode mapping, string member) =>
        mapping.Children.FirstOrDefault(child => Text(child.Key) == member).Value;

    private static string? Text(YamlNode node) => (node as YamlScalarNode)?.Value;
}
