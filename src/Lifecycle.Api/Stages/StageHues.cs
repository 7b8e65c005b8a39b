namespace Lifecycle.Api.Stages;

/// <summary>The colour of a stage, the same in every picture: cool for those that customers are in, reddish for those of decline.</summary>
public static class StageHues
{
    private static readonly string[] Hues = ["#6f9bd1", "#63b39a", "#e0b04b", "#9a7fc4", "#5fa9b8", "#c58a6a"];
    private static readonly string[] DecliningHues = ["#d9776c", "#b85f61", "#8d5560", "#77707c"];

    /// <param name="order">The stages of the track in the order of the definition, with whether they count as decline.</param>
    public static string Of(string stage, IReadOnlyList<(string Stage, bool Declining)> order)
    {
        var index = order.ToList().FindIndex(other => other.Stage == stage);
        if (index < 0) return "#9aa5b1";
        var declining = order[index].Declining;
        var among = order.Take(index).Count(other => other.Declining == declining);
        return declining ? DecliningHues[among % DecliningHues.Length] : Hues[among % Hues.Length];
    }

    /// <summary>Whether a stage is one of decline, by itself or by its group.</summary>
    public static bool IsDecline(string stage, string? group) => (group ?? stage) == "decline";
}
