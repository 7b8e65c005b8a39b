using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Ingestion.Protocols.Segment;
using static Lifecycle.Ingestion.Tests.Segment.Messages;

namespace Lifecycle.Ingestion.Tests.Segment;

public sealed class SegmentReaderTests
{
    [Fact]
    public void A_track_call_is_a_touchpoint()
    {
        var message = Accepted("""
            {"type":"track","event":"Order Completed","userId":"ann","messageId":"m-1","timestamp":"2026-03-01T10:00:00.123Z",
             "properties":{"revenue":"25.50","currency":"USD"},"context":{"locale":"nl-NL"},"integrations":{"All":false}}
            """);
        Assert.Equal(("order_completed", "ann", "m-1", false), (message.Name, message.CustomerId, message.MessageId, message.Imported));
        Assert.Equal("2026-03-01T10:00:00.123Z", message.OccurredAt.ToIso());
        Assert.Equal("""
            {"message_id":"m-1","type":"track","raw_name":"Order Completed","properties":{"revenue":"25.50","currency":"USD"},"context":{"locale":"nl-NL"},"timestamp":"2026-03-01T10:00:00.123Z","extra":{"integrations":{"All":false}}}
            """, Encoding.UTF8.GetString(message.Open));
        Assert.Null(message.Personal);
    }

    [Theory]
    [InlineData("""{"type":"page","userId":"u","name":"Docs","category":"Help","properties":{"url":"https://x.test"}}""", "page_viewed", "properties",
        """{"url":"https://x.test","name":"Docs","category":"Help"}""")]
    [InlineData("""{"type":"screen","userId":"u","name":"Home","category":null}""", "screen_viewed", "properties", """{"name":"Home"}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"plan":"pro","email":null}}""", "profile_changed", "traits", """{"plan":"pro"}""")]
    [InlineData("""{"type":"identify","userId":"u","context":{"traits":{"plan":"pro"}}}""", "profile_changed", "traits", """{"plan":"pro"}""")]
    [InlineData("""{"type":"group","userId":"u","groupId":7,"traits":{"size":3}}""", "group_joined", "group", "\"7\"")]
    [InlineData("""{"type":"alias","userId":"u","previousId":"anon-1"}""", "identity_linked", "previous_id", "\"anon-1\"")]
    [InlineData("""{"type":"Heartbeat","userId":"u","properties":{"n":1},"pulse":60}""", "message_received", "properties", """{"n":1}""")]
    [InlineData("""{"type":"Heartbeat","userId":"u","properties":{"n":1},"pulse":60}""", "message_received", "extra", """{"pulse":60}""")]
    public void Every_type_of_message_is_stored(string sent, string name, string member, string value)
    {
        var message = Accepted(sent);
        Assert.Equal(name, message.Name);
        Assert.Equal(value, message.Open()[member]!.ToJsonString());
    }

    [Theory]
    [InlineData("track", """{"event":"E","userId":"u"}""", "e")]
    [InlineData("t", """{"event":"E","userId":"u","type":"page"}""", "e")]
    [InlineData("identify", """{"userId":"u"}""", "profile_changed")]
    [InlineData("g", """{"userId":"u","groupId":"g"}""", "group_joined")]
    [InlineData("a", """{"userId":"u","previousId":"p"}""", "identity_linked")]
    [InlineData("page", """{"anonymousId":"u"}""", "page_viewed")]
    [InlineData("s", """{"userId":"u"}""", "screen_viewed")]
    public void On_a_single_route_the_route_is_the_type(string route, string sent, string name) => Assert.Equal(name, Single(route, sent).Name);

    [Theory]
    [InlineData("""{"type":"track","event":"E"}""", "customer_missing")]
    [InlineData("""{"type":"track","event":"E","userId":"","anonymousId":null}""", "customer_missing")]
    [InlineData("""{"type":"track","event":"E","userId":{"id":1}}""", "wrong_type")]
    [InlineData("""{"type":"track","event":"E","userId":true}""", "wrong_type")]
    [InlineData("""{"type":"track","event":"E","userId":"u","anonymousId":[]}""", "wrong_type")]
    [InlineData("""{"type":"track","event":"E","userId":"u","messageId":{}}""", "wrong_type")]
    [InlineData("""{"type":"track","event":true,"userId":"u"}""", "wrong_type")]
    [InlineData("""{"type":false,"event":"E","userId":"u"}""", "wrong_type")]
    [InlineData("""{"type":"group","groupId":{},"userId":"u"}""", "wrong_type")]
    [InlineData("""{"type":"alias","previousId":true,"userId":"u"}""", "wrong_type")]
    [InlineData("""{"type":"track","event":" ","userId":"u"}""", "event_missing")]
    [InlineData("""{"type":"track","userId":"u"}""", "event_missing")]
    [InlineData("""{"type":"group","userId":"u"}""", "group_missing")]
    [InlineData("""{"type":"alias","anonymousId":"u","previousId":"p"}""", "user_missing")]
    [InlineData("""{"type":"alias","userId":"u"}""", "previous_id_missing")]
    [InlineData("""{"event":"E","userId":"u"}""", "type_missing")]
    [InlineData("7", "not_an_object")]
    [InlineData("null", "not_an_object")]
    public void What_is_required_must_be_there(string sent, string code) => Assert.Equal(code, Refused(sent).Code);

    [Fact]
    public void Names_and_ids_have_a_longest_length()
    {
        Assert.Equal("id_too_long", Refused($$"""{"type":"track","event":"E","userId":"{{new string('u', 513)}}"}""").Code);
        Assert.Equal("name_too_long", Refused($$"""{"type":"track","event":"{{new string('e', 201)}}","userId":"u"}""").Code);
    }

    [Theory]
    [InlineData("Order Refunded", """{"revenue":25.50}""", """{"revenue":-25.50,"raw_revenue":25.50}""")]
    [InlineData("Order Refunded", """{"order_id":"o","revenue":"25.50"}""", """{"order_id":"o","revenue":"-25.50","raw_revenue":"25.50"}""")]
    [InlineData("chargeback", """{"revenue":" +1e2 "}""", """{"revenue":"-1e2","raw_revenue":" +1e2 "}""")]
    [InlineData("chargeback", """{"revenue":12345678901234567890.10}""", """{"revenue":-12345678901234567890.10,"raw_revenue":12345678901234567890.10}""")]
    [InlineData("Order Refunded", """{"revenue":-25.50}""", """{"revenue":-25.50}""")]
    [InlineData("Order Refunded", """{"revenue":0.00}""", """{"revenue":0.00}""")]
    [InlineData("Order Refunded", """{"revenue":"much"}""", """{"revenue":"much"}""")]
    [InlineData("Order Refunded", """{"total":5}""", """{"total":5}""")]
    [InlineData("Order Refunded", """{"revenue":5,"raw_revenue":500}""", """{"revenue":-5,"raw_revenue":500}""")]
    [InlineData("Order Completed", """{"revenue":25.50}""", """{"revenue":25.50}""")]
    public void What_a_refund_gives_back_is_negative_and_the_value_sent_is_kept(string name, string sent, string stored)
    {
        var message = Accepted($$"""{"type":"track","event":"{{name}}","userId":"u","properties":{{sent}}}""");
        using var open = System.Text.Json.JsonDocument.Parse(message.Open);
        Assert.Equal(stored, open.RootElement.GetProperty("properties").GetRawText());
    }

    [Theory]
    [InlineData("\"userId\":42", "42")]
    [InlineData("\"userId\":42.0", "42")]
    [InlineData("\"userId\":12345678901234567890", "12345678901234567890")]
    [InlineData("\"userId\":\"42\",\"anonymousId\":\"a\"", "42")]
    [InlineData("\"userId\":null,\"anonymousId\":\"a\"", "anonymous:a")]
    [InlineData("\"userId\":\"\",\"anonymousId\":7", "anonymous:7")]
    public void The_customer_is_the_user_or_else_anonymous(string ids, string customer) =>
        Assert.Equal(customer, Accepted($$"""{"type":"track","event":"E",{{ids}}}""").CustomerId);

    [Fact]
    public void A_message_id_is_made_where_there_is_none_and_hashed_where_it_is_long()
    {
        const string WithoutId = """{"type":"track","event":"E","userId":"u"}""";
        Assert.NotEqual(Accepted(WithoutId).MessageId, Accepted(WithoutId).MessageId);
        var hundred = new string('m', 100);
        Assert.Equal(hundred, Accepted($$"""{"type":"track","event":"E","userId":"u","messageId":"{{hundred}}"}""").MessageId);
        Assert.Equal(StableHash.Of(hundred + "m").ToString("n"), Accepted($$"""{"type":"track","event":"E","userId":"u","messageId":"{{hundred}}m"}""").MessageId);
    }

    [Fact]
    public void A_retry_has_the_same_content_though_it_is_stamped_anew()
    {
        const string Message = """{"type":"track","event":"E","userId":"u","messageId":"m","properties":{"a":1,"b":2}}""";
        var first = Accepted(Message, shared: ",\"sentAt\":\"2026-01-01T00:00:00Z\"");
        var again = Accepted("""{"messageId":"m","properties":{"b":2,"a":1},"event":"E","userId":"u","type":"track","sentAt":"2026-01-02T00:00:00Z","anonymousId":null,"_metadata":{"retryCount":1}}""");
        Assert.Equal(first.Content, again.Content);
        Assert.Equal(first.Content, Accepted(Message, shared: ",\"context\":{\"ip\":\"203.0.113.9\"}").Content);
        Assert.Equal(first.Content, Accepted(Message.Replace("\"event\"", "\"context\":{\"screen\":1},\"event\"", StringComparison.Ordinal), shared: ",\"context\":{\"a\":1}").Content);
        Assert.NotEqual(first.Content, Accepted(Message.Replace("\"a\":1", "\"a\":2", StringComparison.Ordinal)).Content);
        Assert.NotEqual(first.Content, Accepted(Message.Replace("\"E\"", "\"F\"", StringComparison.Ordinal)).Content);
    }

    [Fact]
    public void Traits_that_are_only_in_the_context_are_said_all_the_same()
    {
        var pro = Accepted("""{"type":"identify","userId":"u","messageId":"m","context":{"ip":"203.0.113.9","traits":{"plan":"pro"}}}""");
        Assert.Equal(pro.Content, Accepted("""{"type":"identify","userId":"u","messageId":"m","context":{"traits":{"plan":"pro"}}}""").Content);
        Assert.NotEqual(pro.Content, Accepted("""{"type":"identify","userId":"u","messageId":"m","context":{"traits":{"plan":"free"}}}""").Content);
    }

    [Fact]
    public void The_context_of_a_batch_is_that_of_each_message_unless_the_message_says_otherwise()
    {
        var message = Accepted("""{"type":"track","event":"E","userId":"u","context":{"locale":"nl"}}""", shared: ""","context":{"locale":"en","app":{"name":"Shop"}}""");
        Assert.Equal("""{"locale":"nl","app":{"name":"Shop"}}""", message.Open()["context"]!.ToJsonString());
    }

    [Fact]
    public void An_event_may_have_32_KB_with_the_context_of_its_batch()
    {
        static string Message(int size) => """{"type":"track","event":"E","userId":"u","properties":{"x":"?"}}""".Replace("?", new string('x', size), StringComparison.Ordinal);
        var overhead = Message(0).Length;
        Accepted(Message(32 * 1024 - overhead));
        Assert.Equal("event_too_large", Refused(Message(32 * 1024 - overhead + 1)).Code);
    }

    [Fact]
    public void An_event_nested_too_deep_is_refused_alone()
    {
        var deep = new string('[', 63) + new string(']', 63);
        Assert.Equal("event_too_deep", Refused($$$"""{"type":"track","event":"E","userId":"u","properties":{"x": {{{deep}}} }}""").Code);
    }

    [Fact]
    public void However_many_texts_a_body_has_none_is_taken_for_another()
    {
        static string Message(int number) =>
            $$$"""{"type":"track","event":"E","userId":"u-{{{number}}}","messageId":"m-{{{number}}}","properties":{"n{{{number}}}":{{{number}}},"same":"é"}}""";
        var sent = Enumerable.Range(0, 3000).Select(Message).ToList();
        var (body, _) = SegmentBody.Read(Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', sent)}}]}"""), SegmentRoute.Named("batch"));
        using var reader = new SegmentReader(SegmentRoute.Named("batch"), body!, ClockMode.Server, false, Received);
        for (var i = 0; i < sent.Count; i++)
        {
            var (read, alone) = (reader.Read(i).Message!, Accepted(sent[i]));
            Assert.Equal((alone.CustomerId, alone.MessageId, alone.Content), (read.CustomerId, read.MessageId, read.Content));
            Assert.Equal(alone.Open, read.Open);
        }
    }

    [Fact]
    public void What_was_read_of_a_body_is_not_in_it_any_more()
    {
        var sent = Encoding.UTF8.GetBytes("""{"writeKey":"key","sentAt":"2026-01-01","context":{"ip":"::1"},"batch":[{"type":"track","event":"E","userId":"u","messageId":"m","context":{"locale":"nl"}},"refused"]}""");
        var (body, _) = SegmentBody.Read(sent, SegmentRoute.Named("batch"));
        using var reader = new SegmentReader(SegmentRoute.Named("batch"), body!, ClockMode.Server, false, Received);
        var (message, refusal) = (reader.Read(0).Message!, reader.Read(1).Refusal!);
        Array.Fill(sent, (byte)'?');
        Assert.Equal(("key", "u", "m"), (body!.WriteKey, message.CustomerId, message.MessageId));
        Assert.Equal("nl", (string?)message.Open()["context"]!["locale"]);
        Assert.Equal("::1", (string?)message.Personal()!["context"]!["ip"]);
        Assert.Equal("\"refused\"", Encoding.UTF8.GetString(refusal.Content));
    }

    [Theory]
    [InlineData("\"historical\":true", false, true)]
    [InlineData("\"historical\":false", false, false)]
    [InlineData("\"historical\":null", true, true)]
    public void History_is_marked_on_an_event_or_its_request(string mark, bool request, bool imported) =>
        Assert.Equal(imported, Accepted($$"""{"type":"track","event":"E","userId":"u",{{mark}}}""", historical: request).Imported);
}
