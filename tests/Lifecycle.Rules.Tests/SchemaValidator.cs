using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lifecycle.Rules.Tests;

/// <summary>As much of JSON Schema (draft 2020-12) as our schema uses. A keyword that it does not know makes it throw, so that none is passed
/// over.</summary>
internal sealed class SchemaValidator(JsonObject schema)
{
    /// <summary>Paths at which a document breaks the schema; none where it satisfies it.</summary>
    public IReadOnlyList<string> Wrong(JsonNode? document) => [.. Check(schema, document, "").Distinct()];

    /// <summary>YAML as an editor takes it: plain numbers, truths and nulls are not texts.</summary>
    public static JsonNode? FromYaml(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : Node(stream.Documents[0].RootNode);
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Node(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } text => text.Value,
        YamlScalarNode { Value: "" or "~" or "null" or null } => null,
        YamlScalarNode { Value: "true" or "false" } truth => truth.Value == "true",
        YamlScalarNode plain when decimal.TryParse(plain.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number) => number,
        _ => ((YamlScalarNode)node).Value,
    };

    private IEnumerable<string> Check(JsonNode rule, JsonNode? value, string path)
    {
        if (rule is JsonValue always) return always.GetValue<bool>() ? [] : [path];
        var found = new List<string>();
        foreach (var (keyword, argument) in rule.AsObject()) found.AddRange(Keyword(keyword, argument!, rule.AsObject(), value, path));
        return found;
    }

    private IEnumerable<string> Keyword(string keyword, JsonNode argument, JsonObject rule, JsonNode? value, string path)
    {
        var (map, list) = (value as JsonObject, value as JsonArray);
        switch (keyword)
        {
            case "$schema" or "title" or "description" or "$defs" or "then" or "else":
                return [];
            case "$ref":
                return Check(schema["$defs"]![argument.GetValue<string>()["#/$defs/".Length..]]!, value, path);
            case "type":
                var types = argument is JsonArray several ? several.Select(type => type!.GetValue<string>()) : [argument.GetValue<string>()];
                return types.Contains(TypeOf(value)) ? [] : [path];
            case "const":
                return JsonNode.DeepEquals(argument, value) ? [] : [path];
            case "pattern":
                return value is JsonValue && TypeOf(value) == "string" && !Regex.IsMatch(value.GetValue<string>(), argument.GetValue<string>())
                    ? [path] : [];
            case "properties" when map is not null:
                return argument.AsObject().Where(member => map.ContainsKey(member.Key)).SelectMany(member =>
                    Check(member.Value!, map[member.Key], $"{path}/{member.Key}"));
            case "required" when map is not null:
                return argument.AsArray().Where(name => !map.ContainsKey(name!.GetValue<string>())).Select(name => $"{path}/{name}");
            case "additionalProperties" when map is not null:
                var named = rule["properties"]?.AsObject();
                return map.Where(member => named?.ContainsKey(member.Key) != true).SelectMany(member =>
                    Check(argument, member.Value, $"{path}/{member.Key}"));
            case "propertyNames" when map is not null:
                return map.SelectMany(member => Check(argument, member.Key, $"{path}/{member.Key}"));
            case "items" when list is not null:
                return list.SelectMany((item, index) => Check(argument, item, $"{path}/{index}"));
            case "minItems" when list is not null:
                return list.Count < argument.GetValue<int>() ? [path] : [];
            case "maxItems" when list is not null:
                return list.Count > argument.GetValue<int>() ? [path] : [];
            case "minProperties" when map is not null:
                return map.Count < argument.GetValue<int>() ? [path] : [];
            case "maxProperties" when map is not null:
                return map.Count > argument.GetValue<int>() ? [path] : [];
            case "anyOf":
                return argument.AsArray().Any(one => !Check(one!, value, path).Any()) ? []
                    : Nearest(argument.AsArray().Select(one => Check(one!, value, path).ToList()));
            case "if":
                return Check(rule[Check(argument, value, path).Any() ? "else" : "then"]!, value, path);
            case "properties" or "required" or "additionalProperties" or "propertyNames" or "items" or "minItems" or "maxItems" or "minProperties" or "maxProperties":
                return [];
            default:
                throw new NotSupportedException(keyword);
        }
    }

    /// <summary>What is wrong with the form that was probably meant: the one that fails deepest.</summary>
    private static List<string> Nearest(IEnumerable<List<string>> failures) =>
        failures.MaxBy(failed => failed.Max(path => path.Count(letter => letter == '/')))!;

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => "number",
            _ => "boolean",
        },
    };
}
