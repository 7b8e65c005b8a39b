using System.Text.Json;
using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog.Codec;

/// <summary>What each input looks like in the log.</summary>
internal static class InputJson
{
    public static void WriteMembers(Utf8JsonWriter writer, Input input)
    {
        switch (input)
        {
            case Touchpoint touchpoint:
                writer.WriteProperties("properties", touchpoint.Properties);
                break;
            case ProfileChanged changed:
                writer.WriteProperties("traits", changed.Traits);
                break;
            case GroupJoined joined:
                writer.WriteString("group", joined.Group);
                writer.WriteProperties("traits", joined.Traits);
                break;
            case IdentityLinked linked:
                writer.WriteString("previous_id", linked.PreviousId);
                break;
            case CustomerErased:
                break;
            case IdentityClaimed claimed:
                writer.WriteString("by", claimed.By);
                break;
            case MessageReceived received:
                writer.WriteString("type", received.Type);
                writer.WriteProperties("properties", received.Properties);
                break;
            case ActionOutcome outcome:
                writer.WriteString("key", outcome.Key.ToString());
                writer.WriteNumber("endpoint", outcome.Endpoint);
                writer.WriteNumber("attempt", outcome.Attempt);
                writer.WriteString("outcome", NameOf(outcome.Outcome));
                writer.WriteOptional("until", outcome.Until);
                writer.WriteOptional("because", outcome.Because);
                break;
            default:
                throw new InvalidOperationException($"{input.GetType().Name} has no form in the log.");
        }
    }

    /// <param name="personal">What was sealed beside it, opened; null where nothing was.</param>
    public static Input Read(string name, short version, ReadOnlyMemory<byte> open, ReadOnlyMemory<byte>? personal)
    {
        if (EventCatalog.Find(EventKind.Input, name) is not { } entry) return new Touchpoint(name, JsonReading.Slice(open, personal, "properties"u8));
        if (version > entry.Version) return new MessageReceived(name, new Properties(open));
        // The two that come by the million are sliced out of their envelope; the others are few and read as a whole.
        if (entry.Type == typeof(ProfileChanged)) return new ProfileChanged(JsonReading.Slice(open, personal, "traits"u8));
        using var document = JsonDocument.Parse(open, StoredJson.Parsing);
        var json = document.RootElement;
        return entry.Type switch
        {
            var type when type == typeof(GroupJoined) => new GroupJoined(json.Text("group"), JsonReading.Slice(open, personal, "traits"u8)),
            var type when type == typeof(IdentityLinked) => new IdentityLinked(json.Text("previous_id")),
            var type when type == typeof(IdentityClaimed) => new IdentityClaimed(json.Text("by")),
            var type when type == typeof(CustomerErased) => CustomerErased.Instance,
            var type
                when type == typeof(MessageReceived) => new MessageReceived(json.Text("type"), JsonReading.Slice(open, personal, "properties"u8)),
            var type when type == typeof(ActionOutcome) => new ActionOutcome(
                json.Id("key"), json.Whole("endpoint"), json.Whole("attempt"), OutcomeOf(json.Text("outcome")), json.OptionalTime("until"),
                json.OptionalText("because")),
            _ => throw new InvalidOperationException($"{entry.Type.Name} has no form in the log."),
        };
    }

    private static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Sent => "sent",
        Outcome.Postponed => "postponed",
        Outcome.Withheld => "withheld",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static Outcome OutcomeOf(string name) => name switch
    {
        "sent" => Outcome.Sent,
        "postponed" => Outcome.Postponed,
        "withheld" => Outcome.Withheld,
        _ => throw new InvalidDataException($"An action's outcome cannot be {name}."),
    };
}
