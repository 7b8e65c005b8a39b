using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Lifecycle.Ingestion.Tests.Answers;

/// <summary>Random JSON with everything that a sender can get wrong in it.</summary>
internal static class JsonText
{
    private static readonly Gen<string> Strings = Gen.OneOf(
        Gen.Elements("\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\ud83d\\ude00\"", "\"2026-01-01T00:00:00Z\"", "\"userId\"", "\"😀\""),
        from text in ArbMap.Default.GeneratorFor<string>() select JsonSerializer.Serialize(text ?? ""));

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Strings, Gen.Elements("null", "true", "false", "0", "-0", "1e400", "-1e-400", "0.1", "1E5", "99999999999999999999999999999999999999"));

    /// <summary>Any value.</summary>
    public static readonly Gen<string> Values = Gen.Sized(size => Nested(Math.Min(size, 8)));

    /// <summary>An object that is nearly a message.</summary>
    public static readonly Gen<string> Messages =
        from members in (
            from name in Gen.Elements("type", "event", "userId", "anonymousId", "messageId", "properties", "traits", "context", "timestamp", "sentAt",
                "originalTimestamp", "groupId", "previousId", "historical", "name", "\\u0000", "\\ud800")
            from value in Gen.OneOf(Values, Gen.Elements("\"track\"", "\"page\"", "\"identify\"", "\"group\"", "\"alias\"", "\"u\"", "\"other\""))
            select $"\"{name}\":{value}").ListOf()
        from good in Gen.Elements("", "\"type\":\"track\",\"event\":\"E\",\"userId\":\"u\"")
        select "{" + string.Join(',', members.Append(good).Where(member => member.Length > 0)) + "}";

    private static Gen<string> Nested(int depth) => depth == 0
        ? Scalars
        : Gen.OneOf(
            Scalars,
            from items in Nested(depth / 2).ListOf() select "[" + string.Join(',', items) + "]",
            from members in (from name in Strings from value in Nested(depth / 2) select name + ":" + value).ListOf() select "{" + string.Join(',', members) + "}");
}
