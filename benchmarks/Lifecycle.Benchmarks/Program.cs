using Lifecycle.Benchmarks;

// Figures that share what they measure on are measured by one suite, in the suite's order.
(string[] Names, Func<IReadOnlySet<string>, IAsyncEnumerable<Figure>> Run)[] suites =
[
    (["machine"], MachineBenchmark.RunAsync),
    (["append"], AppendBenchmark.RunAsync),
    (["http", "timeline", "customer", "benefit", "summary", "memory", "rebuild"], ServerBenchmark.RunAsync),
    (["idle", "due"], SleeperBenchmark.RunAsync),
    (["cuts"], CutBenchmark.RunAsync),
    (["marten"], MartenBenchmark.RunAsync),
];
var names = suites.SelectMany(suite => suite.Names).ToHashSet();
var asked = args.Where(argument => argument != "--write").ToList();
var unknown = asked.Where(name => !names.Contains(name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no benchmark named {string.Join(", ", unknown)}. There are: {string.Join(", ", names)}; --write keeps the figures in docs.");
    return 2;
}
var wanted = asked.Count > 0 ? asked.ToHashSet() : names;
var report = args.Contains("--write") ? new Report("docs") : null;
foreach (var (suite, run) in suites)
{
    if (!wanted.Overlaps(suite)) continue;
    await foreach (var figure in run(wanted))
    {
        Console.WriteLine(figure);
        report?.Take(figure);
        report?.Write();
    }
}
return 0;
