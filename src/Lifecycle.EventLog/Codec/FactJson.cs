using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog.Codec;

/// <summary>What each fact looks like in the log.</summary>
internal static class FactJson
{
    /// <param name="version">The form to write: the catalog's, or an earlier one to compare with what was stored in it.</param>
    public static void WriteMembers(Utf8JsonWriter writer, Fact fact, short version)
    {
        switch (fact)
        {
            case StageChanged changed:
                WriteChange(writer, changed, version);
                break;
            case StageConflict conflict:
                writer.WriteString("track", conflict.Track);
                writer.WriteString("stage", conflict.Stage);
                break;
            case JourneyStarted started:
                WriteEnrolment(writer, started.Journey, started.Enrolment);
                writer.WriteNumber("release", started.Release);
                break;
            case JourneyMoved moved:
                WriteEnrolment(writer, moved.Journey, moved.Enrolment);
                writer.WriteNumber("step", moved.Step);
                writer.WriteOptional("until", moved.Until);
                break;
            case JourneyEnded ended:
                WriteEnrolment(writer, ended.Journey, ended.Enrolment);
                writer.WriteString("because", ended.Because);
                break;
            case ActionRequested requested:
                WriteAction(writer, requested);
                break;
            case ActionWithheld withheld:
                WriteAction(writer, RequestOf(withheld));
                writer.WriteString("because", withheld.Because);
                break;
            case DecisionsKept kept:
                writer.WriteString("state", kept.State);
                break;
            case CarriedOver carried:
                WriteCarried(writer, carried);
                break;
            case CarryRefused refused:
                writer.WriteString("to", refused.To);
                writer.WriteNumber("hops", refused.Hops);
                break;
            case PointsEarned earned:
                WritePoints(writer, earned.Points, earned.Balance);
                writer.WriteString("event", earned.Event);
                break;
            case PointsExpired expired:
                WritePoints(writer, expired.Points, expired.Balance);
                break;
            case BenefitGranted granted:
                writer.WriteString("benefit", granted.Benefit);
                writer.WriteString("track", granted.Track);
                writer.WriteString("stage", granted.Stage);
                break;
            case BenefitRevoked revoked:
                writer.WriteString("benefit", revoked.Benefit);
                break;
            default:
                throw new InvalidOperationException($"{fact.GetType().Name} has no form in the log.");
        }
    }

    public static Fact Read(Type type, ReadOnlyMemory<byte> open)
    {
        using var document = JsonDocument.Parse(open, StoredJson.Parsing);
        var json = document.RootElement;
        return type switch
        {
            _ when type == typeof(StageChanged) => new StageChanged(
                json.Text("track"), json.OptionalText("from"), json.Text("to"), json.Whole("release"), CauseOf(json.Text("cause")),
                json.OptionalText("cause_event") is { } id ? RecordId.Parse(id) : null,
                json.TryGetProperty("because", out var because) ? ExplanationJson.Read(because) : null),
            _ when type == typeof(StageConflict) => new StageConflict(json.Text("track"), json.Text("stage")),
            _ when type == typeof(JourneyStarted) => new JourneyStarted(json.Text("journey"), json.Whole("enrolment"), json.Whole("release")),
            _ when type == typeof(JourneyMoved) => new JourneyMoved(
                json.Text("journey"), json.Whole("enrolment"), json.Whole("step"), json.OptionalTime("until")),
            _ when type == typeof(JourneyEnded) => new JourneyEnded(json.Text("journey"), json.Whole("enrolment"), json.Text("because")),
            _ when type == typeof(ActionRequested) => ReadAction(json),
            _ when type == typeof(ActionWithheld) => Withheld(ReadAction(json), json.Text("because")),
            _ when type == typeof(DecisionsKept) => new DecisionsKept(json.Text("state")),
            _ when type == typeof(CarriedOver) => ReadCarried(json),
            _ when type == typeof(CarryRefused) => new CarryRefused(json.Text("to"), json.Whole("hops")),
            _ when type == typeof(PointsEarned) => new PointsEarned(json.Decimal("points"), json.Decimal("balance"), json.Text("event")),
            _ when type == typeof(PointsExpired) => new PointsExpired(json.Decimal("points"), json.Decimal("balance")),
            _ when type == typeof(BenefitGranted) => new BenefitGranted(json.Text("benefit"), json.Text("track"), json.Text("stage")),
            _ when type == typeof(BenefitRevoked) => new BenefitRevoked(json.Text("benefit")),
            _ => throw new InvalidOperationException($"{type.Name} has no form in the log."),
        };
    }

    private static void WriteEnrolment(Utf8JsonWriter writer, string journey, int enrolment)
    {
        writer.WriteString("journey", journey);
        writer.WriteNumber("enrolment", enrolment);
    }

    private static void WriteAction(Utf8JsonWriter writer, ActionRequested action)
    {
        writer.WriteString("key", action.Key.ToString());
        WriteEnrolment(writer, action.Journey, action.Enrolment);
        writer.WriteNumber("step", action.Step);
        writer.WriteString("channel", action.Channel);
        writer.WriteString("template", action.Template);
    }

    private static ActionRequested ReadAction(JsonElement json) => new(
        json.Id("key"), json.Text("journey"), json.Whole("enrolment"), json.Whole("step"), json.Text("channel"), json.Text("template"));

    // An action that was withheld is written like one that was requested, with the reason beside.
    private static ActionRequested RequestOf(ActionWithheld held) =>
        new(held.Key, held.Journey, held.Enrolment, held.Step, held.Channel, held.Template);

    private static ActionWithheld Withheld(ActionRequested action, string because) =>
        new(action.Key, action.Journey, action.Enrolment, action.Step, action.Channel, action.Template, because);

    private static void WritePoints(Utf8JsonWriter writer, decimal points, decimal balance)
    {
        writer.WriteDecimal("points", points);
        writer.WriteDecimal("balance", balance);
    }

    private static void WriteChange(Utf8JsonWriter writer, StageChanged changed, short version)
    {
        writer.WriteString("track", changed.Track);
        writer.WriteOptional("from", changed.From);
        writer.WriteString("to", changed.To);
        writer.WriteNumber("release", changed.Release);
        writer.WriteString("cause", NameOf(changed.Cause));
        writer.WriteOptional("cause_event", changed.CauseEvent?.ToString());
        if (changed.Because is null) return;
        writer.WritePropertyName("because");
        ExplanationJson.Write(writer, changed.Because, withTimes: version > 1);
    }

    private static void WriteCarried(Utf8JsonWriter writer, CarriedOver carried)
    {
        var (name, version) = EventCodec.NameOf(carried.Input);
        writer.WriteString("to", carried.To);
        writer.WriteString("name", name);
        writer.WriteNumber("version", version);
        writer.WriteStartObject("input");
        InputJson.WriteMembers(writer, carried.Input);
        writer.WriteEndObject();
        writer.WriteNumber("hops", carried.Hops);
    }

    private static CarriedOver ReadCarried(JsonElement json)
    {
        // The text as it stands: what is read of an input is a slice of it.
        var input = Encoding.UTF8.GetBytes(json.GetProperty("input").GetRawText());
        return new CarriedOver(json.Text("to"), InputJson.Read(json.Text("name"), (short)json.Whole("version"), input, personal: null),
            json.Whole("hops"));
    }

    private static string NameOf(MoveCause cause) => cause switch
    {
        MoveCause.Event => "event",
        MoveCause.Time => "time",
        MoveCause.Activation => "activation",
        MoveCause.Override => "override",
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };

    private static MoveCause CauseOf(string name) => name switch
    {
        "event" => MoveCause.Event,
        "time" => MoveCause.Time,
        "activation" => MoveCause.Activation,
        "override" => MoveCause.Override,
        _ => throw new InvalidDataException($"A stage cannot change because of {name}."),
    };
}
