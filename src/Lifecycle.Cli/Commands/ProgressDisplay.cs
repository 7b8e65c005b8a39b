using Spectre.Console;

namespace Lifecycle.Cli.Commands;

/// <summary>Progress bars for people. Where nobody looks, nothing is shown.</summary>
internal static class ProgressDisplay
{
    /// <param name="work">Given a function to call with how much is done and of how much; a total of zero is not known yet.</param>
    public static async Task ShowAsync(string title, long total, bool quiet, Func<Action<long, long>, Task> work)
    {
        if (quiet || Console.IsErrorRedirected)
        {
            await work((_, _) => { });
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().HideCompleted(true).StartAsync(async context =>
        {
            var task = context.AddTask(title, maxValue: Math.Max(1, total));
            await work((done, of) =>
            {
                task.IsIndeterminate = of == 0;
                if (of > 0) task.MaxValue = of;
                task.Value = done;
            });
        });
    }
}
