using System.Numerics;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain;

/// <summary>A series as bytes and back. Times are distances: the latest entry's from the clock, each other's from the one after it. What all entries share is said once.</summary>
internal static class SeriesCodec
{
    /// <summary>No less than an entry without a text takes: time 7, count 5, id 19, type 1, number 17, input 5.</summary>
    public const int EntryBytesMax = 54;

    // An id is written out once in a state, whoever names it; here it counts wherever it is named.
    private const int IdBytes = 19, HeadBytes = 48;

    [Flags]
    private enum Form { Empty = 0, Entries = 1, Approximate = 2, Folded = 4, Merged = 8, Valued = 16, Mixed = 32, Named = 64, Personal = 128, Numbered = 256 }

    public static void Write(StateWriter writer, Series series, long clock)
    {
        var form = FormOf(series);
        writer.Whole((int)form);
        if (Has(form, Form.Folded))
        {
            writer.Whole(series.FoldedCount);
            writer.Total(series.FoldedSum);
        }
        if (!Has(form, Form.Entries)) return;
        writer.Whole(series.Count);
        if (Has(form, Form.Valued) && !Has(form, Form.Mixed)) writer.Byte((byte)series.TypeAt(0));
        var (named, unnamed) = Has(form, Form.Named) ? NamedOf(series) : (series.Count, series.Count);
        if (Has(form, Form.Named))
        {
            writer.Whole(named);
            writer.Whole(unnamed);
        }
        for (var i = series.Count - 1; i >= 0; i--)
        {
            if (i == series.Count - 1) writer.Signed(clock - series.At(i));
            else writer.Whole(series.At(i + 1) - series.At(i));
            if (i >= named && i < unnamed) writer.Id(series.IdAt(i));
            if (Has(form, Form.Merged)) writer.Whole(series.EventsAt(i));
            if (Has(form, Form.Valued)) WriteValue(writer, series, i, Has(form, Form.Mixed));
            if (Has(form, Form.Numbered)) writer.Whole(series.InputAt(i));
        }
    }

    public static Series Read(StateReader reader, long clock)
    {
        var form = (Form)reader.Count();
        if (form == Form.Empty) return Series.Empty;
        var series = new Series { Approximate = Has(form, Form.Approximate), IsPersonal = Has(form, Form.Personal) };
        if (Has(form, Form.Folded)) (series.FoldedCount, series.FoldedSum) = (reader.Whole(), reader.Total());
        if (!Has(form, Form.Entries)) return series;
        series.Restore(reader.Count());
        var type = Has(form, Form.Valued) && !Has(form, Form.Mixed) ? (ValueType)reader.Byte() : ValueType.Missing;
        var (named, unnamed) = Has(form, Form.Named) ? (reader.Count(), reader.Count()) : (series.Count, series.Count);
        var later = clock;
        for (var i = series.Count - 1; i >= 0; i--)
        {
            later -= i == series.Count - 1 ? reader.Signed() : reader.Whole();
            var id = i >= named && i < unnamed ? reader.Id() : default;
            var count = Has(form, Form.Merged) ? reader.Count() : 1;
            if (Has(form, Form.Mixed)) type = (ValueType)reader.Byte();
            var text = type == ValueType.Text ? reader.Text() : null;
            var amount = type is ValueType.Text or ValueType.Missing ? default : reader.Total();
            series.Restore(i, later, id, type, amount, text, count, Has(form, Form.Numbered) ? reader.Count() : 0);
        }
        return series;
    }

    /// <summary>No less than the bytes that a series takes, and little more, whatever it is stored with.</summary>
    public static int Bytes(Series series)
    {
        var form = FormOf(series);
        var bytes = form == Form.Empty ? 1 : HeadBytes;
        for (var i = 0; i < series.Count; i++)
        {
            bytes += i == series.Count - 1 ? 7 : Bytes(series.At(i + 1) - series.At(i));
            if (series.IdAt(i) != default) bytes += IdBytes;
            else if (Has(form, Form.Named)) bytes++;
            if (Has(form, Form.Merged)) bytes += Bytes(series.EventsAt(i));
            if (Has(form, Form.Mixed)) bytes++;
            if (Has(form, Form.Numbered)) bytes += Bytes(series.InputAt(i));
            if (series.TextAt(i) is { } text) bytes += BytesMax(text);
            else if (Has(form, Form.Valued)) bytes += StateWriter.BytesOf(series.AmountAt(i));
        }
        return bytes;
    }

    /// <summary>No less than a text takes.</summary>
    public static int BytesMax(string text) => 6 + Encoding.UTF8.GetByteCount(text);

    private static int Bytes(long whole) => (BitOperations.Log2((ulong)whole | 1) + 7) / 7;

    private static Form FormOf(Series series)
    {
        var form = (series.Count > 0 ? Form.Entries : 0) | (series.Approximate ? Form.Approximate : 0) | (series.IsPersonal ? Form.Personal : 0)
            | (series.FoldedCount != 0 || series.FoldedSum != default ? Form.Folded : 0);
        for (var i = 0; i < series.Count; i++)
            form |= (series.EventsAt(i) != 1 ? Form.Merged : 0) | (series.TypeAt(i) != ValueType.Missing ? Form.Valued : 0)
                | (series.TypeAt(i) != series.TypeAt(0) ? Form.Mixed : 0) | (series.IdAt(i) != default ? Form.Named : 0)
                | (series.InputAt(i) != 0 ? Form.Numbered : 0);
        return form;
    }

    /// <summary>From which index on, and up to which, entries have ids.</summary>
    private static (int First, int End) NamedOf(Series series)
    {
        var (first, end) = (0, series.Count);
        while (series.IdAt(first) == default) first++;
        while (series.IdAt(end - 1) == default) end--;
        return (first, end);
    }

    private static void WriteValue(StateWriter writer, Series series, int index, bool isMixed)
    {
        var type = series.TypeAt(index);
        if (isMixed) writer.Byte((byte)type);
        if (series.TextAt(index) is { } text) writer.Text(text);
        else if (type != ValueType.Missing) writer.Total(series.AmountAt(index));
    }

    private static bool Has(Form form, Form part) => (form & part) != 0;
}
