using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lifecycle.Ingestion.Json;

/// <summary>Reads values as <see cref="JsonCleaner"/> says, one after another in the same memory. Not for several threads at once.</summary>
internal sealed class JsonItemReader
{
    private const int SmallObjectMax = 24;
    private const decimal VastMin = 1e19m;

    private readonly RecentTexts _texts = new();

    // What the objects and lists still open have so far, the inner ones' behind the outer ones'.
    private readonly List<JsonMember> _members = [];
    private readonly List<JsonItem> _items = [];

    /// <summary>Whether the last value had a number beyond what is counted: 10^19 or more.</summary>
    public bool SawVastNumber { get; private set; }

    /// <summary>The value, or null when it lies deeper than <paramref name="depthMax"/>.</summary>
    /// <param name="json">One JSON value in UTF-8 without errors; a reader has already been over it.</param>
    public JsonItem? Read(ReadOnlySpan<byte> json, int depthMax = JsonCleaner.DepthMax)
    {
        // One that was too deep has left what it had.
        _members.Clear();
        _items.Clear();
        SawVastNumber = false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        try
        {
            return reader.Read() ? ReadValue(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private JsonItem ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.String => JsonItem.OfText(ReadText(ref reader)),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => JsonItem.True,
        JsonTokenType.False => JsonItem.False,
        _ => JsonItem.Null,
    };

    private string ReadText(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? JsonCleaner.ReadText(ref reader) : _texts.Of(reader.ValueSpan);

    private JsonItem ReadNumber(ref Utf8JsonReader reader)
    {
        var digits = _texts.Of(reader.ValueSpan);
        var isDecimal = decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        SawVastNumber |= !isDecimal || Math.Abs(number) >= VastMin;
        return isDecimal ? JsonItem.OfNumber(digits) : JsonItem.OfText(digits);
    }

    private JsonItem ReadList(ref Utf8JsonReader reader)
    {
        var start = _items.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) _items.Add(ReadValue(ref reader));
        var items = CollectionsMarshal.AsSpan(_items)[start..].ToArray();
        _items.RemoveRange(start, items.Length);
        return JsonItem.OfList(items);
    }

    private JsonItem ReadObject(ref Utf8JsonReader reader)
    {
        var start = _members.Count;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadText(ref reader);
            reader.Read();
            _members.Add(new(name, ReadValue(ref reader)));
        }
        var members = CollectionsMarshal.AsSpan(_members)[start..];
        var kept = members[..KeepLastOfEachName(members)].ToArray();
        _members.RemoveRange(start, _members.Count - start);
        return JsonItem.OfObject(kept);
    }

    /// <summary>Moves the last member of each name to the place of the first.</summary>
    /// <returns>How many are left, from the beginning on.</returns>
    private static int KeepLastOfEachName(Span<JsonMember> members)
    {
        if (!MayRepeat(members)) return members.Length;
        var places = new Dictionary<string, int>(members.Length, StringComparer.Ordinal);
        foreach (var member in members)
        {
            places.TryAdd(member.Name, places.Count);
            members[places[member.Name]] = member;
        }
        return places.Count;
    }

    /// <summary>Whether a name may be there twice: surely for the small objects that nearly all are, without allocating anything.</summary>
    private static bool MayRepeat(ReadOnlySpan<JsonMember> members)
    {
        if (members.Length > SmallObjectMax) return true;
        for (var i = 1; i < members.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (members[i].Name == members[j].Name) return true;
            }
        }
        return false;
    }
}
