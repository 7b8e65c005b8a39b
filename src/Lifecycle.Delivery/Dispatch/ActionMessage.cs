using System.Text.Json;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>The message that tells an endpoint what a journey requested.</summary>
/// <remarks>It depends on what is stored and on nothing else, so every attempt has the same id and the same bytes.</remarks>
internal static class ActionMessage
{
    public static string IdOf(RecordId key) => $"msg_{key}";

    /// <summary><c>{"type","timestamp","data":{"customer","key","channel","template","journey","enrolment","step"}}</c> in UTF-8.</summary>
    public static byte[] Write(Claim claim, string customerId)
    {
        using var request = JsonDocument.Parse(claim.Request, StoredJson.Parsing);
        return Write("action.requested", claim.RequestedAt, data =>
        {
            data.WriteString("customer", customerId);
            data.WriteString("key", claim.Key.ToString());
            foreach (var name in (ReadOnlySpan<string>)["channel", "template", "journey", "enrolment", "step"])
            {
                data.WritePropertyName(name);
                request.RootElement.GetProperty(name).WriteTo(data);
            }
        });
    }

    /// <summary>A message that only shows whether messages arrive.</summary>
    public static byte[] WriteTest(int endpoint, Instant now) => Write("endpoint.tested", now, data => data.WriteNumber("endpoint", endpoint));

    private static byte[] Write(string type, Instant timestamp, Action<Utf8JsonWriter> writeData)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("timestamp", timestamp.ToIso());
            writer.WriteStartObject("data");
            writeData(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
