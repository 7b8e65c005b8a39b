namespace Lifecycle.Cli;

/// <summary>Names this assembly for those who start it as a program.</summary>
public static class CliMarker;
