using Lifecycle.Rules.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lifecycle.Definitions.Yaml;

/// <summary>Reads the YAML that definitions are written in: maps, lists and texts, with the exact place of each.</summary>
/// <remarks>YAML 1.2, one document. Scalars are text. Duplicate names, anchors, aliases and tags are errors: each would let a reader
/// see something else than what rules.</remarks>
internal sealed class YamlReader
{
    /// <summary>A file may have so many characters.</summary>
    public const int CharactersMax = 64 * 1024;

    private const int DepthMax = 20;

    private readonly SourceFile _file;
    private readonly Diagnostics _diagnostics;
    private readonly IParser _parser;

    private YamlReader(SourceFile file, Diagnostics diagnostics) =>
        (_file, _diagnostics, _parser) = (file, diagnostics, new Parser(new StringReader(file.Text)));

    /// <summary>The file's one document; null when it cannot be read.</summary>
    public static YamlNode? Read(SourceFile file, Diagnostics diagnostics)
    {
        if (file.Text.Length > CharactersMax)
        {
            diagnostics.Add(file, new Span(0, 1), ErrorCodes.Limit, $"the file has {file.Text.Length} characters; at most {CharactersMax} are read");
            return null;
        }
        if (!IsPlainText(file, diagnostics)) return null;
        var reader = new YamlReader(file, diagnostics);
        try
        {
            return reader.Document();
        }
        catch (YamlException wrong)
        {
            var place = reader.PlaceOf(wrong.Start, wrong.End);
            diagnostics.Add(file, place with { Length = 1 }, ErrorCodes.Yaml, $"this is not YAML from here on ({Plain(wrong.Message)})",
                HintFor(file, place));
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or NullReferenceException or FormatException or OverflowException)
        {
            // On some texts that are not YAML the library's scanner trips over itself instead of saying so.
            var place = reader.Reached() with { Length = 1 };
            diagnostics.Add(file, place, ErrorCodes.Yaml, "this is not YAML from here on", HintFor(file, place));
            return null;
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _diagnostics.Add(_file, new Span(0, 1), ErrorCodes.Yaml, "the file is empty");
            return null;
        }
        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            Complain(PlaceOf(second.Start, second.End), "a file holds one document", "put what follows `---` in a file of its own");
            return null;
        }
        return node;
    }

    /// <summary>Null where a part was wrong; the error is told by then, and the rest is read.</summary>
    private YamlNode? Node(int depth)
    {
        var next = _parser.Current ?? throw new YamlException("the text ends too early");
        var place = PlaceOf(next.Start, next.End);
        // The library's work grows with the square of the depth, so nothing is read beyond it.
        if (depth > DepthMax) throw new YamlException(next.Start, next.End, $"nested more than {DepthMax} deep");
        if (next is AnchorAlias)
        {
            Complain(place, "aliases such as `*name` are not used here", "write out what is meant");
            _parser.MoveNext();
            return null;
        }
        if (next is NodeEvent { Anchor.IsEmpty: false } || next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            Complain(place with { Length = 1 }, "anchors and tags such as `&name` and `!name` are not used here",
                "a text that begins with & or ! is put in quotes");
        return next switch
        {
            Scalar => Text(),
            SequenceStart => List(depth, place),
            MappingStart => Map(depth, place),
            _ => throw new YamlException(next.Start, next.End, "something else was expected here"),
        };
    }

    private YamlScalar Text()
    {
        var scalar = _parser.Consume<Scalar>();
        var place = PlaceOf(scalar.Start, scalar.End);
        if (scalar.Style == ScalarStyle.Plain) CheckComment(scalar, place);
        return new YamlScalar(_file, place, new RuleText(_file, scalar.Value, place));
    }

    /// <summary>A ` #` in an unquoted value starts a comment, which is seldom what was meant. After two spaces it is taken for one.</summary>
    private void CheckComment(Scalar scalar, Span place)
    {
        if (scalar.Value.Length == 0) return;
        var end = place.End;
        while (end > place.Start && char.IsWhiteSpace(_file.Text[end - 1])) end--;
        var mark = end;
        while (mark < _file.Text.Length && _file.Text[mark] is ' ' or '\t') mark++;
        if (mark == end + 1 && mark < _file.Text.Length && _file.Text[mark] == '#')
            Complain(new Span(mark, 1), "` #` in an unquoted value cuts it off here", "put the value in quotes; before a comment leave two spaces");
    }

    private YamlList List(int depth, Span start)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            if (Node(depth + 1) is { } item) items.Add(item);
        }
        var end = _parser.Consume<SequenceEnd>();
        return new YamlList(_file, start.To(PlaceOf(end.Start, end.End)), items);
    }

    private YamlMap Map(int depth, Span start)
    {
        _parser.Consume<MappingStart>();
        var members = new List<YamlMember>();
        var names = new HashSet<string>();
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var content = Node(depth + 1);
            if (key is not YamlScalar { Text: var name })
            {
                if (key is not null) Complain(key.Place, "a name is expected here, found a list or a map");
                continue;
            }
            if (!names.Add(name.Text)) _diagnostics.Add(name, ErrorCodes.Duplicate, $"`{name.Text}` is already there");
            else if (content is not null) members.Add(new YamlMember(name, content));
        }
        var end = _parser.Consume<MappingEnd>();
        return new YamlMap(_file, start.To(PlaceOf(end.Start, end.End)), members);
    }

    /// <summary>Where the last piece that could be read ended.</summary>
    private Span Reached() => _parser.Current is { } last ? PlaceOf(last.End, last.End) : new Span(0, 1);

    private Span PlaceOf(Mark start, Mark end)
    {
        var from = (int)Math.Clamp(start.Index, 0, _file.Text.Length);
        return new Span(from, (int)Math.Clamp(end.Index - from, 0, _file.Text.Length - from));
    }

    private void Complain(Span place, string message, string? hint = null) => _diagnostics.Add(_file, place, ErrorCodes.Yaml, message, hint);

    /// <summary>Tabs as indentation and control characters are explained before YAML's own words for them would puzzle.</summary>
    private static bool IsPlainText(SourceFile file, Diagnostics diagnostics)
    {
        var before = diagnostics.Count;
        var indenting = true;
        for (var i = 0; i < file.Text.Length && diagnostics.Count - before < 10; i++)
        {
            var letter = file.Text[i];
            if (letter == '\n') indenting = true;
            else if (letter == '\t' && indenting)
            {
                diagnostics.Add(file, new Span(i, 1), ErrorCodes.Yaml, "a tab in the indentation", "indent with spaces, two for each level");
                indenting = false;
            }
            else if (letter != ' ') indenting = false;
            if ((char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) || letter is '\u2028' or '\u2029'
                || (char.IsSurrogate(letter) && !IsPaired(file.Text, i)))
                diagnostics.Add(file, new Span(i, 1), ErrorCodes.Yaml, $"the character U+{(int)letter:X4} does not belong in a text file");
        }
        return diagnostics.Count == before;
    }

    private static bool IsPaired(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);

    private static string HintFor(SourceFile file, Span place)
    {
        var (line, _) = file.Locate(place.Start);
        return YamlHints.For(file.LineAt(line)) ?? (line > 1 ? YamlHints.For(file.LineAt(line - 1)) : null)
            ?? "check the indentation: what belongs to an item stands below the first letter after its `- `; "
                + "put values that begin with a sign in quotes";
    }

    /// <summary>The reason alone, without the places that the message repeats.</summary>
    private static string Plain(string message)
    {
        var end = message.LastIndexOf("): ", StringComparison.Ordinal);
        var reason = (end >= 0 ? message[(end + 3)..] : message).Trim().TrimEnd('.');
        return reason.Length == 0 ? "it breaks off" : char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}
