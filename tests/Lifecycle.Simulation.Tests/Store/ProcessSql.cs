namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements by which processes know of each other.</summary>
internal static class ProcessSql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["report_process"] = Report,
        ["forget_processes"] = Forget,
        ["read_processes"] = (store, call) => Answer.Of(store.Processes
            .Where(row => row.Value.SeenAt > store.Now - call.Get<TimeSpan>(1))
            .Select(row => new object?[] { row.Key, row.Value.Roles })),
        ["leave_process"] = (store, call) => Answer.Written(store.Processes.Remove(call.Get<Guid>(1))),
        ["takes_writes"] = (_, _) => Answer.Row(true),
        // Transactions come one after another here, so nobody is ever found in the middle of one.
        ["end_stopped_sessions"] = (_, _) => Answer.Row(0L),
    };

    private static Answer Report(FakeStore store, Call call)
    {
        store.Processes.Put(call.Get<Guid>(1), new ProcessRow(call.Get<string[]>(2), store.Now));
        return Answer.Written(1);
    }

    private static Answer Forget(FakeStore store, Call call)
    {
        var silent = store.Processes.Where(row => row.Value.SeenAt < store.Now - call.Get<TimeSpan>(1)).Select(row => row.Key).ToList();
        foreach (var process in silent) store.Processes.Remove(process);
        return Answer.Written(silent.Count);
    }
}
