using System.Collections.Frozen;

namespace Lifecycle.Domain.Personal;

/// <summary>What a release says of attributes and properties: which are declared at all, and which of those as personal.</summary>
/// <param name="Attributes">The declared attributes, each with whether it is personal.</param>
/// <param name="Events">The declared properties by event, each with whether it is personal.</param>
/// <param name="SealUndeclared">Whether what is declared nowhere is sealed, whatever its name.</param>
public sealed record PersonalDeclarations(
    FrozenDictionary<string, bool> Attributes, FrozenDictionary<string, FrozenDictionary<string, bool>> Events, bool SealUndeclared)
{
    public static readonly PersonalDeclarations None =
        new(FrozenDictionary<string, bool>.Empty, FrozenDictionary<string, FrozenDictionary<string, bool>>.Empty, false);

    /// <summary>What is declared of an event's properties; nothing where it has no contract.</summary>
    public FrozenDictionary<string, bool> PropertiesOf(string name) => Events.GetValueOrDefault(name, FrozenDictionary<string, bool>.Empty);

    public bool IsPersonalAttribute(string name) => Attributes.TryGetValue(name, out var personal) && personal;

    public bool IsPersonalProperty(string name, string property) => Events.Count > 0 && PropertiesOf(name).TryGetValue(property, out var personal)
        && personal;
}
