using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Lifecycle.Benchmarks;

/// <summary>The last line of each figure, kept in <c>docs/figures.jsonl</c>, and <c>docs/performance.md</c> made from them.</summary>
internal sealed class Report
{
    private static readonly (string Name, string Work, string Limit)[] Work =
    [
        ("append", "append with de-duplication and timeline index, durable, two writers", "binary COPY of the same rows into the same tables and indexes"),
        ("marten", "Marten's quick append of touchpoints of the same shape, four writers, 1,000 a commit; one writer and an inline snapshot beside; `us` is CPU of client and PostgreSQL", "the same COPY"),
        ("http", "`/v1/batch` until all is durable, judged by the sample game and stored", "the same COPY"),
        ("rebuild", "all states from the log, by the sample game", "reading the same rows in order and discarding them"),
        ("machine", "the machine alone, with the sample game", "parsing the same JSON and discarding it"),
        ("timeline", "the newest 50 entries of a timeline", "the same rows by one hand-written statement"),
        ("customer", "a customer's page", "their state by one hand-written statement"),
        ("benefit", "whether a benefit is held", "the same"),
        ("summary", "customers by stage", "the same counts by one hand-written statement"),
        ("due", "reviews that fall due at one instant, while half of the full load comes in", "append in the same run"),
        ("cuts", "all customers counted for what compares them, by four metrics, while 500 events a second come in", "reading all states in order and discarding them"),
        ("idle", "sleeping customers and no traffic, once PostgreSQL has tidied up after the load", ""),
        ("memory", "growth at 60 % of the full load", ""),
    ];

    private readonly string _lines, _document;
    private readonly SortedDictionary<string, JsonObject> _figures = new(StringComparer.Ordinal);

    public Report(string folder)
    {
        (_lines, _document) = (Path.Combine(folder, "figures.jsonl"), Path.Combine(folder, "performance.md"));
        if (!File.Exists(_lines)) return;
        foreach (var line in File.ReadLines(_lines))
            if (JsonNode.Parse(line) is JsonObject figure) _figures[(string)figure["name"]!] = figure;
    }

    public void Take(Figure figure)
    {
        var line = JsonNode.Parse(figure.ToString())!.AsObject();
        (line["date"], line["cores"]) = (DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount);
        _figures[figure.Name] = line;
    }

    public void Write()
    {
        File.WriteAllLines(_lines, _figures.Values.Select(figure => figure.ToJsonString()));
        var text = new StringBuilder("""
            # Performance

            Made by `./bench --write` from the lines in [figures.jsonl](figures.jsonl). Every figure stands beside a limit measured in the same run, on the same cores, which the load generator shares; PostgreSQL writes through to the disk
            (fsync and synchronous_commit on) and has the files of its write-ahead log already, as a server that has been at work for a while. The load: touchpoints of about 250 bytes of JSON over 50,000 customers with skew. A ratio of 1 is the limit itself; for times it is the limit through the time. `client_us` and `server_us` are
            microseconds of CPU per event, of the sender and of the server with its PostgreSQL.

            | figure | what | value | limit | ratio | more | measured |
            |---|---|---|---|---|---|---|

            """);
        foreach (var (name, work, limit) in Work)
        {
            if (!_figures.TryGetValue(name, out var figure)) continue;
            var against = figure["limit"] is { } number ? $"{Number(number)}: {limit}" : "";
            var more = figure.Where(pair => pair.Key is not ("name" or "value" or "unit" or "limit" or "ratio" or "date" or "cores"))
                .Select(pair => $"{pair.Key} {Number(pair.Value!)}");
            text.Append(CultureInfo.InvariantCulture,
                $"| `{name}` | {work} | {Number(figure["value"]!)} {figure["unit"]} | {against} | {figure["ratio"]} | {string.Join(", ", more)} | {figure["date"]}, {figure["cores"]} cores |\n");
        }
        File.WriteAllText(_document, text.ToString());
    }

    private static string Number(JsonNode node) => ((double)node).ToString(Math.Abs((double)node) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
