using System.Globalization;
using System.Text.Json;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Lifecycle.Api.Intake;

/// <summary>Intake's answers as SDKs read them: <c>{"success":true,…}</c>, or a problem of RFC 9457 with <c>code</c>, <c>message</c> and
/// <c>error</c>.</summary>
internal static class IntakeAnswers
{
    public static Task WriteAsync(HttpResponse response, IntakeAnswer answer)
    {
        if (answer.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Status == 415) response.Headers.AcceptEncoding = BodyEncoding.Accepted;
        response.StatusCode = answer.Status;
        return answer.Status == 200
            ? WriteAsync(response, "application/json", writer => WriteStored(writer, answer))
            : WriteAsync(response, "application/problem+json", writer => WriteProblem(writer, answer));
    }

    public static Task WriteSeenAsync(HttpResponse response, string seen) =>
        WriteAsync(response, "application/json", writer => writer.WriteString("seen", seen));

    public static Task WriteSettingsAsync(HttpResponse response, string key) => WriteAsync(response, "application/json", writer =>
    {
        writer.WriteStartObject("integrations");
        writer.WriteStartObject("Segment.io");
        writer.WriteString("apiKey", key);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteStored(Utf8JsonWriter writer, IntakeAnswer answer)
    {
        writer.WriteBoolean("success", true);
        writer.WriteString("seen", answer.Seen);
        writer.WriteNumber("appended", answer.Appended);
        writer.WriteNumber("duplicates", answer.Duplicates);
        if (answer.Rejected.Count > 0) WriteRejected(writer, answer);
        if (answer.Warnings.Count > 0) WriteWarnings(writer, answer);
    }

    private static void WriteWarnings(Utf8JsonWriter writer, IntakeAnswer answer)
    {
        writer.WriteStartArray("warnings");
        foreach (var warning in answer.Warnings)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", warning.Index);
            writer.WriteString("code", warning.Code);
            writer.WriteString("message", warning.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (answer.WarningsLeftOut > 0) writer.WriteNumber("warnings_left_out", answer.WarningsLeftOut);
    }

    private static void WriteRejected(Utf8JsonWriter writer, IntakeAnswer answer)
    {
        writer.WriteStartArray("rejected");
        foreach (var rejection in answer.Rejected)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", rejection.Index);
            writer.WriteString("messageId", rejection.MessageId);
            writer.WriteString("code", rejection.Code);
            writer.WriteString("message", rejection.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteProblem(Utf8JsonWriter writer, IntakeAnswer answer)
    {
        writer.WriteString("type", "about:blank");
        writer.WriteString("title", ReasonPhrases.GetReasonPhrase(answer.Status));
        writer.WriteNumber("status", answer.Status);
        writer.WriteString("detail", answer.Message);
        writer.WriteString("code", answer.Code);
        writer.WriteString("message", answer.Message);
        writer.WriteString("error", answer.Code);
    }

    private static Task WriteAsync(HttpResponse response, string contentType, Action<Utf8JsonWriter> members)
    {
        var body = JsonBytes.Of(writer =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        });
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }
}
