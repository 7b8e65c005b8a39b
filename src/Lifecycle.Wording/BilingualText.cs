namespace Lifecycle.Wording;

/// <summary>A sentence in the languages of the product.</summary>
public sealed record BilingualText(string English, string Chinese);
