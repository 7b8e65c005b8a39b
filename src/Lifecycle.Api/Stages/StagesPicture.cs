using System.Globalization;
using System.Text;
using Lifecycle.Api.Http;
using Lifecycle.Projections.Queries;
using NodaTime;

namespace Lifecycle.Api.Stages;

/// <summary>How many customers were in which stage over time, as one SVG image: an area for each stage, one upon the other as the definition
/// lists them.</summary>
/// <remarks>Pure: the same history gives the same image. Between two instants the areas go straight. Stages that nobody was in are left out.
/// </remarks>
public sealed class StagesPicture
{
    private const double Width = 1200, Left = 84, Right = 1176, LegendTop = 60, LegendRow = 22, PlotHeight = 410;
    private const int TicksMax = 8, MonthsMax = 12;

    private readonly StringBuilder _svg = new();
    private readonly StageHistory _history;
    private readonly List<(StageOverTime Stage, string Hue)> _stages;
    private readonly long[] _totals;
    private readonly long _scale;
    private double _top = LegendTop;

    private StagesPicture(StageHistory history)
    {
        _history = history;
        var order = history.Stages.Select(stage => (stage.Stage, StageHues.IsDecline(stage.Stage, stage.Group))).ToList();
        _stages = [.. history.Stages.Where(stage => stage.Customers.Any(customers => customers > 0))
            .Select(stage => (stage, StageHues.Of(stage.Stage, order)))];
        _totals = [.. history.Instants.Select((_, place) => history.Stages.Sum(stage => stage.Customers[place]))];
        _scale = Math.Max(1, _totals.Max());
    }

    private Instant From => _history.Instants[0];

    private Instant To => _history.Instants[^1];

    private double Bottom => _top + PlotHeight;

    /// <param name="history">Of two instants at least.</param>
    public static string Draw(StageHistory history) => new StagesPicture(history).Draw();

    private string Draw()
    {
        DrawLegend();
        DrawCounts();
        var below = new long[_history.Instants.Count];
        foreach (var (stage, hue) in _stages)
        {
            DrawArea(stage, below, hue);
            for (var place = 0; place < below.Length; place++) below[place] += stage.Customers[place];
        }
        DrawDates();
        return Head() + _svg + "</svg>\n";
    }

    private string Head()
    {
        var height = Bottom + 40;
        var label = $"Customers by stage of {Safe(_history.Track)} from {Date(From)} to {Date(To)}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="{label}"
              font-family="system-ui, sans-serif" font-size="13">
            <rect width="{Width}" height="{height}" rx="10" fill="#fbfaf7"/>
            <text x="20" y="36" font-size="20" font-weight="600" fill="#22303c">Customers by stage: {Safe(_history.Track)}</text>
            <text x="{Right}" y="36" text-anchor="end" fill="#5f6c78">{Date(From)} to {Date(To)}; {_totals[^1]:N0} customers at the end</text>

            """);
    }

    /// <summary>Each stage's colour and title with how many are in it at the end, in as many rows as it takes.</summary>
    private void DrawLegend()
    {
        var x = Left;
        foreach (var (stage, hue) in _stages)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{stage.Title} {stage.Customers[^1]:N0}");
            // As wide as its letters are on average; those of Chinese are twice as wide.
            var width = 40 + text.Sum(letter => letter < 0x2e80 ? 7.2 : 14);
            if (x + width > Right && x > Left) (x, _top) = (Left, _top + LegendRow);
            Add($"<rect x=\"{x:0.##}\" y=\"{_top}\" width=\"14\" height=\"14\" rx=\"3\" fill=\"{hue}\"/>");
            Add($"<text x=\"{x + 20:0.##}\" y=\"{_top + 12}\" fill=\"#22303c\">{Safe(text)}</text>\n");
            x += width;
        }
        _top += LegendRow + 16;
    }

    /// <summary>Lines across at round numbers of customers.</summary>
    private void DrawCounts()
    {
        var step = RoundStep(_scale);
        for (long count = 0; count <= _scale; count += step)
        {
            Add($"<line x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(count):0.##}\" y2=\"{Y(count):0.##}\" stroke=\"#e4e0d6\"/>");
            Add($"<text x=\"{Left - 10}\" y=\"{Y(count) + 4:0.##}\" text-anchor=\"end\" fill=\"#5f6c78\" font-size=\"12\">{count:N0}</text>\n");
        }
    }

    private void DrawArea(StageOverTime stage, long[] below, string hue)
    {
        var upper = below.Select((under, place) => Point(place, under + stage.Customers[place]));
        var lower = below.Select((under, place) => Point(place, under)).Reverse();
        Add($"<path d=\"M{string.Join('L', upper)}L{string.Join('L', lower)}Z\" fill=\"{hue}\" stroke=\"#fbfaf7\" stroke-width=\"0.7\">");
        Add($"<title>{Safe(stage.Title)}: {stage.Customers[0]:N0} on {Date(From)}, {stage.Customers.Max():N0} at most, ");
        Add($"{stage.Customers[^1]:N0} on {Date(To)}</title></path>\n");
    }

    /// <summary>The first of each month, or of every so many, as are room for; where it is not about months, instants at equal distances.</summary>
    private void DrawDates()
    {
        var first = From.InUtc().Date;
        var months = Period.Between(first, To.InUtc().Date, PeriodUnits.Months).Months + 1;
        var areMonths = months >= 3;
        var ticks = !areMonths
            ? Enumerable.Range(0, TicksMax).Select(tick => From + (To - From) * (tick / (TicksMax - 1.0)))
            : Enumerable.Range(0, months + 1).Where(month => month % ((months + MonthsMax - 1) / MonthsMax) == 0)
                .Select(month => new LocalDate(first.Year, first.Month, 1).PlusMonths(month).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant());
        foreach (var at in ticks.Where(at => at >= From && at <= To))
        {
            var anchor = X(at) > Right - 30 ? "end" : X(at) < Left + 30 ? "start" : "middle";
            Add($"<line x1=\"{X(at):0.##}\" x2=\"{X(at):0.##}\" y1=\"{Bottom}\" y2=\"{Bottom + 6}\" stroke=\"#5f6c78\"/>");
            Add($"<text x=\"{X(at):0.##}\" y=\"{Bottom + 22}\" text-anchor=\"{anchor}\" fill=\"#5f6c78\" font-size=\"12\">");
            Add($"{Written(at, areMonths ? "MMM yyyy" : "d MMM yyyy")}</text>\n");
        }
    }

    /// <summary>The least of 1, 2, 5, 10, 20 … that cuts the scale into a few steps.</summary>
    private static long RoundStep(long scale)
    {
        for (long power = 1; ; power *= 10) // Ends, as the power outgrows the scale.
            foreach (var step in (long[])[power, 2 * power, 5 * power])
                if (scale / step <= TicksMax) return step;
    }

    private string Point(int place, long count) => string.Create(CultureInfo.InvariantCulture, $"{X(_history.Instants[place]):0.#} {Y(count):0.#}");

    private double X(Instant at) => Left + (Right - Left) * ((at - From) / (To - From));

    private double Y(long count) => Bottom - PlotHeight * count / _scale;

    private static string Date(Instant at) => Written(at, "d MMM yyyy");

    private static string Written(Instant at, string format) => at.ToDateTimeUtc().ToString(format, CultureInfo.InvariantCulture);

    private static string Safe(string text) => SvgText.Safe(text);

    private void Add(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
