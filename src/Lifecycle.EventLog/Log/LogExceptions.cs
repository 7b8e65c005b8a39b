namespace Lifecycle.EventLog.Log;

/// <summary>The log could not be reached or did not answer in time. Whether the events were written is unknown: sending them again with the same ids
/// is safe.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A part of the log lies in a file that cannot be read, or is not what was written. The message names it and says what to do.</summary>
public sealed class ArchiveUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The database and this program do not fit together. The message says in one sentence what to do.</summary>
public sealed class LogConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
