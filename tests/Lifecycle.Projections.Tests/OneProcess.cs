using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>What one operating system process would have: connections of its own to a database that others use too.</summary>
internal sealed class OneProcess : IAsyncDisposable
{
    private readonly LogDatabase _database;
    private bool _isGone;

    private OneProcess(LogDatabase database, ProcessingHost processing) => (_database, Processing) = (database, processing);

    public ProcessingHost Processing { get; }

    public IReadOnlyList<int> Shards => Processing.HeldShards;

    public static async Task<OneProcess> StartAsync(ProjectionShop shop, LogOptions options, Duration? placement = null)
    {
        var database = await shop.Log.Server.OpenLogAsync(options);
        var how = new ProcessingOptions { PollInterval = Duration.FromMilliseconds(50), PollIntervalAlone = Duration.FromMilliseconds(50), StepInterval = Duration.FromMilliseconds(5) };
        if (placement is { } interval) how = how with { PlacementInterval = interval };
        var processing = new ProcessingHost(new TouchpointLog(database), new ReleaseStore(database), new ShardProgressBoard(database), how);
        await processing.StartAsync();
        return new OneProcess(database, processing);
    }

    /// <summary>Cuts its connections, so that it can neither work, nor renew, nor give anything back.</summary>
    public ValueTask DieAsync()
    {
        _isGone = true;
        return _database.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isGone) return;
        _isGone = true;
        await Processing.DisposeAsync();
        await _database.DisposeAsync();
    }
}
