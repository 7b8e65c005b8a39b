namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Models with one thing less.</summary>
public static class SmallerModel
{
    public static IEnumerable<Model> Of(Model model)
    {
        if (model.Points is not null) yield return model with { Points = null };
        foreach (var points in Smaller(model.Points)) yield return model with { Points = points };
        for (var i = model.Metrics.Count - 1; i >= 0; i--) yield return model with { Metrics = [.. model.Metrics.Where((_, at) => at != i)] };
        if (model.Tracks.Count > 1) yield return model with { Tracks = [model.Tracks[0]] };
        if (model.Tracks.Count > 1) yield return model with { Tracks = [model.Tracks[1]] };
        for (var i = 0; i < model.Tracks.Count; i++)
            foreach (var track in Smaller(model.Tracks[i]))
                yield return model with { Tracks = [.. model.Tracks.Select((each, at) => at == i ? track : each)] };
    }

    private static IEnumerable<ModelPoints> Smaller(ModelPoints? points)
    {
        if (points is null) yield break;
        if (points.Expire is not null) yield return points with { Expire = null };
        if (points.Earn.Count > 1)
            for (var i = 0; i < points.Earn.Count; i++) yield return points with { Earn = [.. points.Earn.Where((_, at) => at != i)] };
        for (var i = 0; i < points.Earn.Count; i++)
            if (points.Earn[i].Where is not null)
                yield return points with { Earn = [.. points.Earn.Select((rule, at) => at == i ? rule with { Where = null } : rule)] };
    }

    private static IEnumerable<ModelTrack> Smaller(ModelTrack track)
    {
        for (var i = track.Stages.Count - 1; i >= 0; i--)
        {
            if (track.Stages.Count > 1) yield return track with { Stages = [.. track.Stages.Where((_, at) => at != i)] };
            foreach (var stage in Smaller(track.Stages[i])) yield return track with { Stages = [.. track.Stages.Select((each, at) => at == i ? stage : each)] };
        }
    }

    private static IEnumerable<ModelStage> Smaller(ModelStage stage)
    {
        if (stage.Benefits.Count > 0) yield return stage with { Benefits = [], Grace = 0 };
        if (stage.Grace > 0) yield return stage with { Grace = 0 };
        if (stage.From is not null) yield return stage with { From = null };
        if (stage.Keep is not null) yield return stage with { Keep = null };
        if (stage.When is not null) yield return stage with { When = null, Confirm = 0 };
        if (stage.Confirm > 0) yield return stage with { Confirm = 0 };
        if (stage.MinimumStay > 0) yield return stage with { MinimumStay = 0 };
        foreach (var when in Smaller(stage.When)) yield return stage with { When = when };
        foreach (var keep in Smaller(stage.Keep)) yield return stage with { Keep = keep };
    }

    /// <summary>The parts of a condition in its place; a metric by what it says; an aggregate without its filter.</summary>
    private static IEnumerable<Phrase> Smaller(Phrase? phrase)
    {
        switch (phrase)
        {
            case Joined or Not:
                foreach (var part in phrase.Parts) yield return part;
                break;
            case Named named:
                yield return named.Metric.Meaning;
                break;
            case Compared compared:
                foreach (var left in Smaller(compared.Left)) yield return compared with { Left = left };
                foreach (var right in Smaller(compared.Right)) yield return compared with { Right = right };
                break;
            case Arithmetic or OracleCall or Minus:
                foreach (var part in phrase.Parts)
                    if (part.Kind == phrase.Kind) yield return part;
                if (phrase is OracleCall call)
                    for (var i = 0; i < call.Values.Count; i++)
                        foreach (var value in Smaller(call.Values[i]))
                            yield return call with { Values = [.. call.Values.Select((each, at) => at == i ? value : each)] };
                break;
            case Aggregated { Aggregate: { Where: not null } filtered }:
                yield return new Aggregated(new ModelAggregate
                {
                    Function = filtered.Function, Events = filtered.Events, Property = filtered.Property, PropertyType = filtered.PropertyType, Window = filtered.Window,
                });
                break;
        }
    }
}
