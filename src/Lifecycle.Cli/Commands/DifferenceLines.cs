using System.Text.Json.Nodes;
using Lifecycle.Domain.Events;
using Lifecycle.Projections.Replaying;

namespace Lifecycle.Cli.Commands;

/// <summary>Tells what a replay found, one line each: for people on the standard error, for machines as JSON.</summary>
internal static class DifferenceLines
{
    /// <summary>As many lines of each kind as people are shown.</summary>
    public const int ShownMax = 10;

    /// <summary>A line for each value that differs, with the customer, the fact, the path and both values.</summary>
    public static IEnumerable<string> Lines(IEnumerable<FactDifference> differences) => differences.SelectMany(difference => difference switch
    {
        { Stored: { } stored, Computed: not null } => difference.Values.Select(value =>
            $"{Who(difference)}: {Fact(stored)} {value.Path}: {value.Stored ?? "nothing"} in the log, {value.Computed ?? "nothing"} recomputed"),
        { Stored: { } stored } => [$"{Who(difference)}: {Fact(stored)} is in the log and does not follow from the inputs: {stored.Open}"],
        { Computed: { } computed } => [$"{Who(difference)}: {Fact(computed)} follows from the inputs and is not in the log: {computed.Open}"],
        _ => Enumerable.Empty<string>(),
    });

    /// <summary>Names the first customers whose life cannot be lived again, with the reason.</summary>
    public static IEnumerable<string> Lines(IEnumerable<UnreplayableCustomer> unlived) =>
        unlived.Select(customer => $"tenant {customer.Tenant}, customer {customer.CustomerId ?? customer.Customer.ToString()}: {customer.Reason}");

    public static void Show(IEnumerable<string> lines)
    {
        foreach (var line in lines.Take(ShownMax)) Console.Error.WriteLine(line);
    }

    public static JsonArray ToJson(IEnumerable<FactDifference> differences) => [.. differences.Select(difference => new JsonObject
    {
        ["tenant"] = difference.Tenant,
        ["customer"] = difference.CustomerId,
        ["key"] = difference.Customer.ToString(),
        ["shard"] = difference.Shard,
        ["fact"] = difference.Id.ToString(),
        ["name"] = (difference.Stored ?? difference.Computed)?.Name,
        ["clock"] = (difference.Stored ?? difference.Computed)?.Clock.ToIso(),
        ["in_log"] = difference.Stored is not null,
        ["recomputed"] = difference.Computed is not null,
        ["values"] = new JsonArray([.. difference.Values.Select(value => new JsonObject
        {
            ["path"] = value.Path, ["in_log"] = value.Stored, ["recomputed"] = value.Computed,
        })]),
    })];

    public static JsonArray ToJson(IEnumerable<UnreplayableCustomer> unlived) => [.. unlived.Select(customer => new JsonObject
    {
        ["tenant"] = customer.Tenant, ["customer"] = customer.CustomerId, ["key"] = customer.Customer.ToString(), ["shard"] = customer.Shard,
            ["reason"] = customer.Reason,
    })];

    private static string Who(FactDifference difference) =>
        $"tenant {difference.Tenant}, customer {difference.CustomerId ?? difference.Customer.ToString()}";

    private static string Fact(ComparedFact fact) => $"{fact.Name} of {fact.Clock.ToIso()}";
}
