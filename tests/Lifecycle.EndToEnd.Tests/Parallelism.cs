using Xunit;

// Every test here runs a whole server of its own; more than two at once would only measure the machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
