using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Definitions.Catalog;

namespace Lifecycle.Definitions.Schema;

/// <summary>The JSON Schema (draft 2020-12) of definitions, journeys and settings, for editors.</summary>
/// <remarks>Made from the catalog that the readers take files apart by, so that the two cannot differ. It knows the form of a file; what names mean
/// and whether types fit is for the checker.</remarks>
public static class DefinitionSchema
{
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as indented JSON with a final line break.</summary>
    public static string Json => Schema().ToJsonString(Writing).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Schema()
    {
        var definitions = new JsonObject();
        foreach (var part in DefinitionCatalog.Files) Define(part, definitions);
        var (first, others) = (DefinitionCatalog.Files[0], DefinitionCatalog.Files.Skip(1));
        JsonObject choice = Reference(first);
        foreach (var part in others)
            choice = new JsonObject
            {
                ["if"] = new JsonObject { ["required"] = new JsonArray(part.Name) },
                ["then"] = Reference(part),
                ["else"] = choice,
            };
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Lifecycle",
            ["description"] = "A definition, a journey or the settings of a release.",
            ["type"] = "object",
        };
        foreach (var (name, value) in choice.ToList()) schema[name] = value!.DeepClone();
        schema["$defs"] = definitions;
        return schema;
    }

    /// <summary>Puts a part and all that stand in it among the definitions, each once.</summary>
    private static void Define(CatalogSection part, JsonObject definitions)
    {
        if (definitions.ContainsKey(part.Name)) return;
        definitions[part.Name] = null;
        var members = new JsonObject();
        foreach (var member in part.Members)
        {
            var written = Write(member.Form, definitions);
            written["description"] = member.Meaning;
            members[member.Name] = written;
        }
        var map = new JsonObject { ["description"] = part.Meaning, ["type"] = "object", ["properties"] = members };
        var required = part.Members.Where(member => member.IsRequired).Select(member => (JsonNode)member.Name).ToArray();
        if (required.Length > 0) map["required"] = new JsonArray(required);
        if (part.IsChoice) (map["minProperties"], map["maxProperties"]) = (1, 1);
        map["additionalProperties"] = false;
        definitions[part.Name] = map;
    }

    private static JsonObject Write(MemberForm form, JsonObject definitions)
    {
        switch (form)
        {
            case TextForm { Pattern: { } pattern } text:
                // An editor takes 50 for a number; of numbers a pattern says nothing.
                return new JsonObject { ["type"] = text.MayBeNumber ? new JsonArray("string", "number") : "string", ["pattern"] = pattern };
            case TextForm:
                return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
            case WordForm words:
                return new JsonObject { ["anyOf"] = new JsonArray([.. words.Words.Select(Word)]) };
            case EmptyForm:
                return new JsonObject { ["type"] = "null" };
            case ListForm list:
                var items = new JsonObject { ["type"] = "array", ["items"] = Write(list.Item, definitions) };
                if (list.Least > 0) items["minItems"] = list.Least;
                if (list.Most is { } most) items["maxItems"] = most;
                return items;
            case NamesForm names:
                return Names(names, definitions);
            case EitherForm either:
                return new JsonObject { ["anyOf"] = new JsonArray([.. either.Forms.Select(one => Write(one, definitions))]) };
            case CatalogSection part:
                Define(part, definitions);
                return Reference(part);
            default:
                throw new ArgumentOutOfRangeException(nameof(form));
        }
    }

    private static JsonObject Names(NamesForm names, JsonObject definitions)
    {
        var map = new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = Write(names.Content, definitions) };
        if (names.Pattern.Length > 0) map["propertyNames"] = new JsonObject { ["pattern"] = names.Pattern };
        if (names.Most is { } most) map["maxProperties"] = most;
        return map;
    }

    private static JsonNode Word((string Word, string Meaning) word)
    {
        var written = new JsonObject { ["const"] = word.Word };
        if (word.Meaning.Length > 0) written["description"] = word.Meaning;
        return written;
    }

    private static JsonObject Reference(CatalogSection part) => new() { ["$ref"] = $"#/$defs/{part.Name}" };
}
