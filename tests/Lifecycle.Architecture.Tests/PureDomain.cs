using System.Reflection;
using System.Runtime.CompilerServices;
using Lifecycle.Domain;

namespace Lifecycle.Architecture.Tests;

public sealed class PureDomain
{
    private static readonly string[] Impure =
    [
        "System.Threading.", "System.IO.File", "System.IO.Directory", "System.IO.Path", "System.Net.", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.TimeProvider",
        "System.Environment", "System.Console", "NodaTime.SystemClock", "NodaTime.IClock", "System.Random",
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "System.Runtime.CompilerServices.IAsyncStateMachine",
    ];

    private static readonly Assembly Domain = typeof(CustomerMachine).Assembly;

    [Fact]
    public void The_domain_refers_to_the_framework_and_to_NodaTime_alone()
    {
        foreach (var reference in Domain.GetReferencedAssemblies())
            Assert.True(reference.Name is "NodaTime" || reference.Name!.StartsWith("System.", StringComparison.Ordinal), reference.Name);
    }

    [Fact]
    public void The_domain_has_no_clock_no_task_and_no_input_or_output()
    {
        using var domain = Compiled.Open("Lifecycle.Domain");
        Assert.DoesNotContain(domain.Types(), type => Impure.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_domain_draws_no_identities_and_no_lots()
    {
        using var domain = Compiled.Open("Lifecycle.Domain");
        Assert.DoesNotContain(domain.Members(), member => member.StartsWith("System.Guid.NewGuid(", StringComparison.Ordinal)
            || member.StartsWith("System.Guid.CreateVersion7(", StringComparison.Ordinal)
            || member.StartsWith("System.Security.Cryptography.RandomNumberGenerator.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_domain_has_no_mutable_static()
    {
        var statics = Domain.GetTypes().Where(IsWritten)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && !IsGenerated(field.Name));
        foreach (var field in statics)
        {
            Assert.True(field.IsInitOnly, $"{field.DeclaringType}.{field.Name} can be replaced.");
            Assert.False(IsGrowing(field.FieldType), $"{field.DeclaringType}.{field.Name} can be changed: {field.FieldType}.");
        }
    }

    private static bool IsWritten(Type type) => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsGenerated(type.Name);

    /// <summary>The compiler's own names; a property's backing field is written by its author.</summary>
    private static bool IsGenerated(string name) => name.Contains('<') && !name.EndsWith("k__BackingField", StringComparison.Ordinal);

    private static bool IsGrowing(Type type) => type.IsArray
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var open
            && (open == typeof(List<>) || open == typeof(Dictionary<,>) || open == typeof(HashSet<>)));
}
