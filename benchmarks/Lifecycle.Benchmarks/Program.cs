using Lifecycle.Benchmarks;

// Figures that share what they measure on are measured by one suite, in the suite's order.
(string[] Names, Func<IReadOnlySet<string>, IAsyncEnumerable<Figure>> Run)[] suites =
[
    (["machine"], MachineBenchmark.RunAsync),
    (["append"], AppendBenchmark.RunAsync),
    (["http", "rebuild", "timeline", "customer", "benefit", "summary", "memory"], ServerBenchmark.RunAsync),
    (["idle", "due"], SleeperBenchmark.RunAsync),
];
var names = suites.SelectMany(suite => suite.Names).ToHashSet();
var unknown = args.Where(name => !names.Contains(name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no benchmark named {string.Join(", ", unknown)}. There are: {string.Join(", ", names)}.");
    return 2;
}
var wanted = args.Length > 0 ? args.ToHashSet() : names;
foreach (var (suite, run) in suites)
{
    if (!wanted.Overlaps(suite)) continue;
    await foreach (var figure in run(wanted)) Console.WriteLine(figure);
}
return 0;
