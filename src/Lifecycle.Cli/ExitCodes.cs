namespace Lifecycle.Cli;

/// <summary>What a command ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0, Failure = 1, Usage = 2;

    /// <summary>An import is complete but for rows that are no events.</summary>
    public const int BadRows = 3;
}

/// <summary>A command cannot do what it was asked to. The message is one sentence for whoever asked.</summary>
internal sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A command was not asked properly.</summary>
internal sealed class UsageException(string message) : Exception(message);
