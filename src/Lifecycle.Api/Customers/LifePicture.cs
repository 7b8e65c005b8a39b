using System.Globalization;
using System.Text;
using Lifecycle.Api.Http;
using Lifecycle.Api.Stages;
using NodaTime;

namespace Lifecycle.Api.Customers;

/// <summary>A stay in a stage, as the picture shows it.</summary>
/// <param name="To">Null for the present stage.</param>
public sealed record LifeSpan(string Track, string Stage, Instant From, Instant? To);

/// <summary>Something that happened at an instant.</summary>
public sealed record LifeMark(string Name, Instant At);

/// <summary>A customer's life as one SVG image: a band of stages for each track, a row of marks for each kind of event, and what was sent to
/// them.</summary>
/// <remarks>Pure: the same life gives the same image. At most <see cref="RowsMax"/> kinds of event have a row, the most frequent first.</remarks>
public sealed class LifePicture
{
    private const int RowsMax = 8;
    private const double Width = 1200, Left = 150, Right = 1180, Top = 64, BandHeight = 40, RowHeight = 24;

    private readonly StringBuilder _svg = new();
    private readonly Instant _from;
    private readonly Instant _to;
    private readonly DateTimeZone _zone;

    private LifePicture(Instant from, Instant to, DateTimeZone zone) =>
        (_from, _to, _zone) = (from, to > from ? to : from + Duration.FromHours(1), zone);

    /// <param name="stageOrder">Stages of each track in the order of the definition, with whether they count as decline; they choose the
    /// colours.</param>
    /// <param name="sent">Actions requested for the customer.</param>
    /// <param name="zone">By whose calendar days are told.</param>
    public static string Draw(string customer, IReadOnlyList<LifeSpan> spans, IReadOnlyList<LifeMark> events, IReadOnlyList<LifeMark> sent,
        IReadOnlyDictionary<string, IReadOnlyList<(string Stage, bool Declining)>> stageOrder, Instant now, DateTimeZone zone)
    {
        var from = events.Select(mark => mark.At).Concat(spans.Select(span => span.From)).DefaultIfEmpty(now).Min();
        return new LifePicture(from, now, zone).Draw(customer, spans, events, sent, stageOrder);
    }

    private string Draw(string customer, IReadOnlyList<LifeSpan> spans, IReadOnlyList<LifeMark> events, IReadOnlyList<LifeMark> sent,
        IReadOnlyDictionary<string, IReadOnlyList<(string Stage, bool Declining)>> stageOrder)
    {
        var tracks = spans.Select(span => span.Track).Distinct().ToList();
        var rows = events.GroupBy(mark => mark.Name).OrderByDescending(row => row.Count()).ThenBy(row => row.Key, StringComparer.Ordinal)
            .Take(RowsMax).ToList();
        var height = Top + tracks.Count * (BandHeight + 12) + (rows.Count + (sent.Count > 0 ? 1 : 0)) * RowHeight + 44;

        Open(customer, height);
        var y = Top;
        foreach (var track in tracks)
        {
            DrawBand(track, [.. spans.Where(span => span.Track == track)], stageOrder.GetValueOrDefault(track) ?? [], y);
            y += BandHeight + 12;
        }
        if (sent.Count > 0)
        {
            Label("sent", y + 16);
            foreach (var mark in sent) DrawEnvelope(mark, y + 5);
            y += RowHeight;
        }
        foreach (var row in rows)
        {
            DrawRow(row.Key, [.. row], y);
            y += RowHeight;
        }
        DrawAxis(y + 6);
        return _svg.Append("</svg>\n").ToString();
    }

    private void Open(string customer, double height)
    {
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\"");
        Add($" aria-label=\"The life of {Safe(customer)}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n");
        Add($"<rect width=\"{Width}\" height=\"{height}\" rx=\"10\" fill=\"#fbfaf7\"/>\n");
        Add($"<text x=\"20\" y=\"36\" font-size=\"20\" font-weight=\"600\" fill=\"#22303c\">{Safe(customer)}</text>\n");
        Add($"<text x=\"{Right}\" y=\"36\" text-anchor=\"end\" fill=\"#7a8794\">{Date(_from)} to {Date(_to)}</text>\n");
    }

    private void DrawBand(string track, List<LifeSpan> spans, IReadOnlyList<(string Stage, bool Declining)> order, double y)
    {
        Label(track, y + BandHeight / 2 + 5);
        foreach (var span in spans)
        {
            var (x, width) = (X(span.From), Math.Max(1.5, X(span.To ?? _to) - X(span.From)));
            var days = ((span.To ?? _to) - span.From).TotalDays;
            Add($"<g><title>{Safe(span.Stage)}: {Date(span.From)} to {(span.To is { } to ? Date(to) : "now")} ({days:0.#} days)</title>");
            var hue = StageHues.Of(span.Stage, order);
            Add($"<rect x=\"{x:0.##}\" y=\"{y}\" width=\"{width:0.##}\" height=\"{BandHeight}\" rx=\"4\" fill=\"{hue}\"/>");
            if (width > span.Stage.Length * 7.5)
            {
                var (middle, line, name) = (x + width / 2, y + BandHeight / 2 + 5, Safe(span.Stage));
                Add($"<text x=\"{middle:0.##}\" y=\"{line}\" text-anchor=\"middle\" fill=\"#fff\" font-weight=\"600\">{name}</text>");
            }
            Add($"</g>\n");
        }
    }

    private void DrawRow(string name, List<LifeMark> marks, double y)
    {
        Label(name, y + 16);
        Add($"<line x1=\"{Left}\" x2=\"{Right}\" y1=\"{y + 12}\" y2=\"{y + 12}\" stroke=\"#e4e0d6\"/>\n<path d=\"");
        foreach (var x in marks.Select(mark => Math.Round(X(mark.At), 1)).Distinct()) Add($"M{x} {y + 6}v12");
        Add($"\" stroke=\"#51606e\" stroke-width=\"1.6\" fill=\"none\"><title>{marks.Count} {Safe(name)}</title></path>\n");
    }

    private void DrawEnvelope(LifeMark mark, double y)
    {
        var x = X(mark.At) - 9;
        Add($"<g stroke=\"#b23b3b\" fill=\"#fff\" stroke-width=\"1.5\"><title>{Safe(mark.Name)}, {Date(mark.At)}</title>");
        Add($"<rect x=\"{x:0.##}\" y=\"{y}\" width=\"18\" height=\"13\" rx=\"2\"/><path d=\"M{x:0.##} {y}l9 7l9 -7\" fill=\"none\"/></g>\n");
    }

    private void DrawAxis(double y)
    {
        const int ticks = 6;
        for (var tick = 0; tick <= ticks; tick++)
        {
            var at = _from + (_to - _from) * (tick / (double)ticks);
            var anchor = tick == 0 ? "start" : tick == ticks ? "end" : "middle";
            Add($"<text x=\"{X(at):0.##}\" y=\"{y + 18}\" text-anchor=\"{anchor}\" fill=\"#7a8794\" font-size=\"12\">{Date(at)}</text>\n");
        }
    }

    private void Label(string text, double y) =>
        Add($"<text x=\"{Left - 12}\" y=\"{y}\" text-anchor=\"end\" fill=\"#51606e\">{Safe(SvgText.Shorten(text, 18))}</text>\n");

    private double X(Instant at) => Left + (Right - Left) * Math.Clamp((at - _from).TotalSeconds / (_to - _from).TotalSeconds, 0, 1);

    private string Date(Instant at) => at.InZone(_zone).Date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Safe(string text) => SvgText.Safe(text);

    private void Add(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
