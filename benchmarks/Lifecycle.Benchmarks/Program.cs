using System.Text.Json;
using Lifecycle.Benchmarks;

var benchmarks = new Dictionary<string, Func<Task<Figure>>>
{
    ["append"] = AppendBenchmark.RunAsync,
    ["machine"] = () => Task.FromResult(MachineBenchmark.Run()),
};
var unknown = args.Where(name => !benchmarks.ContainsKey(name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no benchmark named {string.Join(", ", unknown)}. There are: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}
foreach (var name in args.Length > 0 ? args : [.. benchmarks.Keys])
{
    var figure = await benchmarks[name]();
    Console.WriteLine(JsonSerializer.Serialize(figure, FigureContext.Default.Figure));
}
return 0;
