namespace Lifecycle.Domain.Events;

/// <summary>A customer, as the log knows them: a 128-bit hash of their id, keyed with their tenant's secret.</summary>
/// <remarks>The id itself is personal and lives outside the log. Two tenants' hashes of one id have nothing in common.</remarks>
public readonly record struct CustomerKey(Guid Value) : IComparable<CustomerKey>
{
    public int CompareTo(CustomerKey other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("n");
}

/// <summary>The 128-bit identity of an input or a fact. Equal ids of one customer mean the same event.</summary>
public readonly record struct RecordId(Guid Value) : IComparable<RecordId>
{
    public int CompareTo(RecordId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("n");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static RecordId Parse(string text) => new(Guid.ParseExact(text, "n"));
}
