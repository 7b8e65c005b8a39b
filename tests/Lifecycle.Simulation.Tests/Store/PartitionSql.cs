using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The partitions of message ids and of events, whose statements carry the number of a window or a month in their text.</summary>
internal static partial class PartitionSql
{
    /// <summary>Null where the statement is none of these.</summary>
    public static Answer? Execute(FakeStore store, Call call)
    {
        var text = call.Text;
        if (FakeStore.NameOf(text) == "read_message_id_windows") return Answer.Of(store.Partitions.Select(row => row.Key).Order().Select(key => new object?[] { key }));
        if (text.StartsWith("select greatest(recorded_at, clock_timestamp())", StringComparison.Ordinal))
            return Answer.Row(FakeStore.Later(store.Heads.Find(call.Shard)!.RecordedAt, store.Now));
        if (text.StartsWith("select to_regclass", StringComparison.Ordinal))
            return Answer.Row(MonthOf(call.Get<string>(1)) is { } asked ? store.Months.Find(asked) is not null : store.Partitions.Find(WindowOf(call.Get<string>(1))) is not null);
        if (text.StartsWith("alter table ", StringComparison.Ordinal) && text.Contains(" attach partition ", StringComparison.Ordinal)) return Answer.Written(0);
        if (text.StartsWith("create table event_", StringComparison.Ordinal)) return Create(store, MonthOf(text)!);
        if (text.StartsWith("drop table if exists message_id_", StringComparison.Ordinal)) return Drop(store, WindowOf(text));
        return text.StartsWith("create table message_id_", StringComparison.Ordinal) ? Create(store, WindowOf(text)) : null;
    }

    private static Answer Create(FakeStore store, int window)
    {
        if (store.Partitions.Find(window) is not null)
            throw new PostgresException("relation already exists", "ERROR", "ERROR", PostgresErrorCodes.DuplicateTable);
        store.Partitions.Put(window, "");
        return Answer.Written(0);
    }

    private static Answer Create(FakeStore store, string month)
    {
        if (store.Months.Find(month) is not null)
            throw new PostgresException("relation already exists", "ERROR", "ERROR", PostgresErrorCodes.DuplicateTable);
        store.Months.Put(month, "");
        return Answer.Written(0);
    }

    private static Answer Drop(FakeStore store, int window)
    {
        store.Partitions.Remove(window);
        foreach (var key in store.Messages.Select(row => row.Key).Where(key => key.Window == window).ToList()) store.Messages.Remove(key);
        return Answer.Written(0);
    }

    private static int WindowOf(string text) => int.Parse(Number().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string? MonthOf(string text) => Month().Match(text) is { Success: true } month ? month.Value : null;

    [GeneratedRegex("message_id_([0-9]+)")]
    private static partial Regex Number();

    [GeneratedRegex("event_[0-9]{4}_[0-9]{2}")]
    private static partial Regex Month();
}
