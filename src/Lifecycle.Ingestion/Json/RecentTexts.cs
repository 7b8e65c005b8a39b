using System.Text;
using Lifecycle.Domain.Texts;

namespace Lifecycle.Ingestion.Json;

/// <summary>Short texts that were read lately, so that one which comes with every message is one string and not thousands.</summary>
/// <remarks>Each text has one place, and the text that had it before makes room: whatever a body holds, this stays small and quick.</remarks>
internal sealed class RecentTexts
{
    private const int Places = 128, LengthMax = 32;

    private readonly string?[] _texts = new string?[Places];

    /// <summary>The text in Unicode's form C.</summary>
    /// <param name="utf8">UTF-8 without errors.</param>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LengthMax || !Ascii.IsValid(utf8)) return Nfc.Of(Encoding.UTF8.GetString(utf8));
        ref var text = ref _texts[PlaceOf(utf8)];
        if (text is null || !Ascii.Equals(utf8, text)) text = Encoding.UTF8.GetString(utf8);
        return text;
    }

    /// <summary>By FNV-1a: what collides on purpose costs its sender nothing but a new string.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261;
        foreach (var unit in utf8) hash = (hash ^ unit) * 16777619;
        return (int)(hash % Places);
    }
}
