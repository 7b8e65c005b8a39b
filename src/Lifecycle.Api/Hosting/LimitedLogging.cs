using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Console;

namespace Lifecycle.Api.Hosting;

/// <summary>Hands messages on to another logger, of one kind no more than <see cref="MessagesMax"/> in <see cref="Period"/>: what fails a thousand
/// times a second fills no disk and hides nothing else. How many were left out is told with the next that is let through.</summary>
/// <remarks>Of one kind are the messages of one category, level and template.</remarks>
[ProviderAlias("Console")]
public sealed class LimitedLogging(ILoggerProvider to, TimeProvider time) : ILoggerProvider
{
    public const int MessagesMax = 10;

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>The most kinds that are told apart; beyond them all are forgotten and counted anew.</summary>
    private const int KindsMax = 1000;

    private readonly ConcurrentDictionary<(string Category, LogLevel Level, string Template), MessageKind> _kinds = new();

    public ILogger CreateLogger(string categoryName) => new LimitedLogger(this, categoryName, to.CreateLogger(categoryName));

    public void Dispose() => to.Dispose();

    /// <summary>Puts the limit before the console.</summary>
    public static ILoggingBuilder AddLimitedConsole(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);
        var console = logging.Services.Single(service => service.ServiceType == typeof(ILoggerProvider)
            && service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(console);
        logging.Services.AddSingleton<ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ILoggerProvider>(
            services => new LimitedLogging(services.GetRequiredService<ConsoleLoggerProvider>(), TimeProvider.System));
        return logging;
    }

    /// <returns>Null where the message is one too many; else how many of its kind were left out before it.</returns>
    private long? Admit(string category, LogLevel level, string template)
    {
        if (_kinds.Count > KindsMax) _kinds.Clear();
        return _kinds.GetOrAdd((category, level, template), _ => new MessageKind()).Admit(time);
    }

    private sealed class MessageKind
    {
        private readonly Lock _gate = new();
        private long? _began;
        private long _count, _leftOut;

        public long? Admit(TimeProvider time)
        {
            lock (_gate)
            {
                if (_began is not { } began || time.GetElapsedTime(began) >= Period) (_began, _count) = (time.GetTimestamp(), 0);
                if (++_count > MessagesMax)
                {
                    _leftOut++;
                    return null;
                }
                var leftOut = _leftOut;
                _leftOut = 0;
                return leftOut;
            }
        }
    }

    private sealed class LimitedLogger(LimitedLogging limit, string category, ILogger to) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => to.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => to.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState,
            Exception?, string> formatter)
        {
            if (!to.IsEnabled(logLevel) || limit.Admit(category, logLevel, TemplateOf(state)) is not { } leftOut) return;
            to.Log(logLevel, eventId, state, exception, leftOut == 0
                ? formatter
                : (said, failure) => $"{formatter(said, failure)} ({leftOut} messages like this were left out before it.)");
        }

        private static string TemplateOf<TState>(TState state) =>
            state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 and var count } values
                && values[count - 1] is { Key: "{OriginalFormat}", Value: string template } ? template : "";
    }
}
