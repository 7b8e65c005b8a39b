using Lifecycle.Api.Hosting;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Api.Tests;

/// <summary>What fails without end is told, but not without end.</summary>
public sealed class LimitedLoggingTests
{
    private readonly Time _time = new();

    [Fact]
    public void Of_one_kind_ten_messages_are_told_in_ten_seconds_and_then_how_many_were_left_out()
    {
        using var written = new LoggedLines();
        using var limited = new LimitedLogging(written, _time);
        var logger = limited.CreateLogger("a");
        for (var n = 0; n < 1000; n++) logger.LogWarning("Request {Number} failed", n);
        logger.LogWarning("Something else failed");
        limited.CreateLogger("b").LogWarning("Request {Number} failed", 0);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(n => $"Request {n} failed"), "Something else failed", "Request 0 failed"], written.Messages);
        _time.Ticks += LimitedLogging.Period.Ticks;
        logger.LogWarning("Request {Number} failed", 1000);
        Assert.Equal("Request 1000 failed (990 messages like this were left out before it.)", written.Messages[^1]);
        logger.LogWarning("Request {Number} failed", 1001);
        Assert.Equal("Request 1001 failed", written.Messages[^1]);
    }

    private sealed class Time : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }

    private sealed class LoggedLines : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
