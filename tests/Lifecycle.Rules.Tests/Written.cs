using Lifecycle.Definitions;
using Lifecycle.Domain;

namespace Lifecycle.Rules.Tests;

/// <summary>Short ways to write definitions in tests.</summary>
internal static class Written
{
    /// <summary>A definition with some events and attributes, one track, and the given metrics, one to a line.</summary>
    public static string WithMetrics(params string[] metrics) => $$"""
        definition: test
        zone: Asia/Shanghai
        currency: CNY
        customer: { country: text, renewal_at: time, birthday: date, level: number, vip: truth }
        events:
          order_completed: { revenue: money, sku: text, items: number, gift: truth, ships_at: time }
          order_refunded: { revenue: money }
          session_start: {}
        metrics:
        {{string.Join('\n', metrics.Select(metric => "  " + metric))}}
        tracks:
          lifecycle:
            - stage: exploration
            - stage: stability
              when: age >= 7 days
            - stage: at_risk
              group: decline
              when: age >= 14 days
            - stage: lapsed
              group: decline
              when: age >= 30 days
          vip:
            - stage: none
            - stage: gold
              when: age >= 1 day

        """.ReplaceLineEndings("\n");

    /// <summary>The same with a first metric named <c>m</c>.</summary>
    public static string WithMetric(string rule) => WithMetrics("m: " + rule);

    public static ReadResult Read(string definition, params string[] journeys) => ReleaseReader.Read(new ReleaseText(definition, journeys, null), 1);

    public static Release Compile(string definition, params string[] journeys)
    {
        var result = Read(definition, journeys);
        Assert.Equal("", string.Join('\n', result.Errors));
        return result.Release!;
    }

    /// <summary>A file of the repository's samples.</summary>
    public static string Sample(string path) => File.ReadAllText(Path.Combine(Root, "samples", path));

    /// <summary>Every definition, journey and settings among the samples.</summary>
    public static IEnumerable<string> SampleFiles()
    {
        var samples = Path.Combine(Root, "samples");
        return Directory.EnumerateFiles(samples, "*.yaml", SearchOption.AllDirectories).Select(path =>
            Path.GetRelativePath(samples, path).Replace('\\', '/'))
            .Where(path => new DefinitionFile(path, Sample(path)).Kind.Length > 0).Order(StringComparer.Ordinal);
    }

    /// <summary>The repository's root.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Lifecycle.sln"))) folder = folder.Parent;
            return folder.FullName;
        }
    }
}
