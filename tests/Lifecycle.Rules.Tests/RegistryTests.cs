using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Rules.Tests;

public sealed class RegistryTests
{
    [Fact]
    public void Every_aggregate_is_in_the_registry_once_at_the_place_of_its_kind() =>
        Assert.Equal(Enum.GetValues<AggregateKind>(), AggregateRegistry.All.Select(entry => entry.Kind));

    [Fact]
    public void Every_function_is_in_the_registry_once_at_the_place_of_its_kind() =>
        Assert.Equal(Enum.GetValues<FunctionKind>(), FunctionRegistry.All.Select(entry => entry.Kind));

    [Fact]
    public void No_two_aggregates_or_functions_have_the_same_name() =>
        Assert.Distinct(AggregateRegistry.All.Where(entry => !entry.IsCall).Select(entry => entry.Name)
            .Concat(FunctionRegistry.All.Select(entry => entry.Name)));

    [Fact]
    public void What_the_words_of_explanations_say_is_read_back() =>
        Assert.All(Enum.GetValues<ExplanationKind>(), kind => Assert.Equal(kind, ExplanationKinds.Of(kind.Word())));
}
