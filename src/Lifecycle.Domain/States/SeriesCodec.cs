using System.Numerics;
using System.Text;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.States;

/// <summary>A series as bytes and back. Times are distances: the latest entry's from the clock, each other's from the one after it. What all entries
/// share is said once.</summary>
internal static class SeriesCodec
{
    /// <summary>No less than an entry without a text takes: time 7, count 5, id 19, type 1, number 17, input 5.</summary>
    public const int EntryBytesMax = 54;

    // An id is written out once in a state, whoever names it; here it counts wherever it is named.
    private const int IdBytes = 19, HeadBytes = 48;

    [Flags]
    private enum SeriesFormat { Empty = 0, Entries = 1, Approximate = 2, Folded = 4, Merged = 8, Valued = 16, Mixed = 32, Named = 64, Personal =
        128, Numbered = 256 }

    public static void Write(StateWriter writer, Series series, long clock)
    {
        var form = FormOf(series);
        writer.Whole((int)form);
        if (Has(form, SeriesFormat.Folded))
        {
            writer.Whole(series.FoldedCount);
            writer.Total(series.FoldedSum);
        }
        if (!Has(form, SeriesFormat.Entries)) return;
        writer.Whole(series.Count);
        if (Has(form, SeriesFormat.Valued) && !Has(form, SeriesFormat.Mixed)) writer.Byte((byte)series.TypeAt(0));
        var (named, unnamed) = Has(form, SeriesFormat.Named) ? NamedOf(series) : (series.Count, series.Count);
        if (Has(form, SeriesFormat.Named))
        {
            writer.Whole(named);
            writer.Whole(unnamed);
        }
        for (var i = series.Count - 1; i >= 0; i--)
        {
            if (i == series.Count - 1) writer.Signed(clock - series.At(i));
            else writer.Whole(series.At(i + 1) - series.At(i));
            if (i >= named && i < unnamed) writer.Id(series.IdAt(i));
            if (Has(form, SeriesFormat.Merged)) writer.Whole(series.EventsAt(i));
            if (Has(form, SeriesFormat.Valued)) WriteValue(writer, series, i, Has(form, SeriesFormat.Mixed));
            if (Has(form, SeriesFormat.Numbered)) writer.Whole(series.InputAt(i));
        }
    }

    public static Series Read(StateReader reader, long clock)
    {
        var form = (SeriesFormat)reader.Count();
        if (form == SeriesFormat.Empty) return Series.Empty;
        var series = new Series { Approximate = Has(form, SeriesFormat.Approximate), IsPersonal = Has(form, SeriesFormat.Personal) };
        if (Has(form, SeriesFormat.Folded)) (series.FoldedCount, series.FoldedSum) = (reader.Whole(), reader.Total());
        if (!Has(form, SeriesFormat.Entries)) return series;
        series.Restore(reader.Count());
        var type = Has(form, SeriesFormat.Valued) && !Has(form, SeriesFormat.Mixed) ? (RuleType)reader.Byte() : RuleType.Missing;
        var (named, unnamed) = Has(form, SeriesFormat.Named) ? (reader.Count(), reader.Count()) : (series.Count, series.Count);
        var later = clock;
        for (var i = series.Count - 1; i >= 0; i--)
        {
            later -= i == series.Count - 1 ? reader.Signed() : reader.Whole();
            var id = i >= named && i < unnamed ? reader.Id() : default;
            var count = Has(form, SeriesFormat.Merged) ? reader.Count() : 1;
            if (Has(form, SeriesFormat.Mixed)) type = (RuleType)reader.Byte();
            var text = type == RuleType.Text ? reader.Text() : null;
            var amount = type is RuleType.Text or RuleType.Missing ? default : reader.Total();
            series.Restore(i, later, id, type, amount, text, count, Has(form, SeriesFormat.Numbered) ? reader.Count() : 0);
        }
        return series;
    }

    /// <summary>No less than the bytes that a series takes, and little more, whatever it is stored with.</summary>
    public static int Bytes(Series series)
    {
        var form = FormOf(series);
        var bytes = form == SeriesFormat.Empty ? 1 : HeadBytes;
        for (var i = 0; i < series.Count; i++)
        {
            bytes += i == series.Count - 1 ? 7 : Bytes(series.At(i + 1) - series.At(i));
            if (series.IdAt(i) != default) bytes += IdBytes;
            else if (Has(form, SeriesFormat.Named)) bytes++;
            if (Has(form, SeriesFormat.Merged)) bytes += Bytes(series.EventsAt(i));
            if (Has(form, SeriesFormat.Mixed)) bytes++;
            if (Has(form, SeriesFormat.Numbered)) bytes += Bytes(series.InputAt(i));
            if (series.TextAt(i) is { } text) bytes += BytesMax(text);
            else if (Has(form, SeriesFormat.Valued)) bytes += StateWriter.BytesOf(series.AmountAt(i));
        }
        return bytes;
    }

    /// <summary>No less than a text takes.</summary>
    public static int BytesMax(string text) => 6 + Encoding.UTF8.GetByteCount(text);

    private static int Bytes(long whole) => (BitOperations.Log2((ulong)whole | 1) + 7) / 7;

    private static SeriesFormat FormOf(Series series)
    {
        var form = (series.Count > 0 ? SeriesFormat.Entries : 0) | (series.Approximate ? SeriesFormat.Approximate : 0) | (series.IsPersonal
            ? SeriesFormat.Personal : 0)
            | (series.FoldedCount != 0 || series.FoldedSum != default ? SeriesFormat.Folded : 0);
        for (var i = 0; i < series.Count; i++)
            form |= (series.EventsAt(i) != 1 ? SeriesFormat.Merged : 0) | (series.TypeAt(i) != RuleType.Missing ? SeriesFormat.Valued : 0)
                | (series.TypeAt(i) != series.TypeAt(0) ? SeriesFormat.Mixed : 0) | (series.IdAt(i) != default ? SeriesFormat.Named : 0)
                | (series.InputAt(i) != 0 ? SeriesFormat.Numbered : 0);
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
        else if (type != RuleType.Missing) writer.Total(series.AmountAt(index));
    }

    private static bool Has(SeriesFormat form, SeriesFormat part) => (form & part) != 0;
}
