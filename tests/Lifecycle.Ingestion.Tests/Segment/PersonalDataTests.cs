using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Personal;
using static Lifecycle.Ingestion.Tests.Segment.Messages;

namespace Lifecycle.Ingestion.Tests.Segment;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("traits", """{"email":"a@x.test","plan":"pro"}""", """{"plan":"pro"}""", """{"email":"a@x.test"}""")]
    [InlineData("traits", """{"firstName":"Ann","last_name":"Lee","First Name":"A","PHONE":1,"E-Mail":"x"}""", "{}",
        """{"firstName":"Ann","last_name":"Lee","First Name":"A","PHONE":1,"E-Mail":"x"}""")]
    [InlineData("traits", """{"company":{"name":"Initech","address":{"street":"x"},"size":3}}""",
        """{"company":{"name":"Initech","size":3}}""", """{"company":{"address":{"street":"x"}}}""")]
    [InlineData("traits", """{"email":true,"phone":false}""", """{"email":true,"phone":false}""", null)]
    public void Traits_that_are_personal_are_sealed(string member, string sent, string open, string? @sealed) =>
        Check($$"""{"type":"identify","userId":"u","{{member}}":{{sent}}}""", member, open, @sealed);

    [Theory]
    [InlineData("""{"products":[{"name":"Monopoly","price":19}],"birthday":"1990-01-01"}""", """{"products":[{"name":"Monopoly","price":19}]}""",
        """{"birthday":"1990-01-01"}""")]
    [InlineData("""{"recipients":[{"email":"a@x.test"}],"n":1}""", """{"n":1}""", """{"recipients":[{"email":"a@x.test"}]}""")]
    [InlineData("""{"name":"Ann"}""", "{}", """{"name":"Ann"}""")]
    public void So_are_properties(string sent, string open, string @sealed) =>
        Check($$"""{"type":"track","event":"E","userId":"u","properties":{{sent}}}""", "properties", open, @sealed);

    [Fact]
    public void The_name_of_a_page_is_nobodys() =>
        Check("""{"type":"page","userId":"u","name":"Docs","properties":{}}""", "properties", """{"name":"Docs"}""", null);

    [Fact]
    public void The_context_gives_up_address_browser_and_traits() => Check(
        """{"type":"track","event":"E","userId":"u","context":{"ip":"203.0.113.9","userAgent":"curl","traits":{"plan":"pro"},"library":{"name":"x"},"device":{"advertisingId":"a","model":"m"}}}""",
        "context", """{"library":{"name":"x"},"device":{"model":"m"}}""",
        """{"ip":"203.0.113.9","userAgent":"curl","traits":{"plan":"pro"},"device":{"advertisingId":"a"}}""");

    [Fact]
    public void Neither_id_of_the_customer_lies_open()
    {
        var message = Accepted("""{"type":"track","event":"E","userId":"ann-id","anonymousId":"anon-id","email":"a@x.test"}""");
        var open = Encoding.UTF8.GetString(message.Open);
        Assert.DoesNotContain("ann-id", open, StringComparison.Ordinal);
        Assert.DoesNotContain("anon-id", open, StringComparison.Ordinal);
        Assert.DoesNotContain("a@x.test", open, StringComparison.Ordinal);
        Assert.Equal("""{"extra":{"email":"a@x.test"},"anonymous_id":"anon-id"}""", message.Personal()!.ToJsonString());
    }

    [Fact]
    public void What_goes_to_quarantine_is_not_personal() => Assert.Equal(
        """{"userId":"u","type":"track","properties":{"n":1}}""",
        Encoding.UTF8.GetString(Refused("""{"type":"track","userId":"u","properties":{"n":1,"email":"a@x.test"},"phone":"1","context":{"ip":"203.0.113.9"}}""").Content));

    [Theory]
    [InlineData("""{"contact_email":"x","wechat":"w","openid":"o","realName":"r","姓名":"n","手机号":"1","plan":"pro"}""", """{"plan":"pro"}""",
        """{"contact_email":"x","wechat":"w","openid":"o","realName":"r","姓名":"n","手机号":"1"}""")]
    [InlineData("""{"note":"mail me at a@x.test","to":["+14155550100"],"deep":{"who":"13800138000","n":1},"sku":"4006381333931"}""", """{"deep":{"n":1},"sku":"4006381333931"}""",
        """{"note":"mail me at a@x.test","to":["+14155550100"],"deep":{"who":"13800138000"}}""")]
    [InlineData("""{"card_number":"M-123456","n":1}""", """{"n":1}""", """{"card_number":"M-123456"}""")]
    public void Names_and_forms_are_recognised_in_both_languages(string sent, string open, string @sealed)
    {
        Check($$"""{"type":"track","event":"E","userId":"u","properties":{{sent}}}""", "properties", open, @sealed);
        Check($$"""{"type":"identify","userId":"u","traits":{{sent}}}""", "traits", open, @sealed);
    }

    [Theory]
    [InlineData("""{"password":"hunter2"}""", "password_refused")]
    [InlineData("""{"a":{"b":[{"密码":"x1"}]}}""", "password_refused")]
    [InlineData("""{"email":"a@x.test","login":{"pwd":12345}}""", "password_refused")]
    [InlineData("""{"card_number":"4111 1111 1111 1112"}""", "card_number_refused")]
    [InlineData("""{"银行卡号":"6222021234567890123"}""", "card_number_refused")]
    [InlineData("""{"paid_with":"4111111111111111"}""", "card_number_refused")]
    [InlineData("""{"cards":["5555-5555-5555-4444"]}""", "card_number_refused")]
    [InlineData("""{"billing_address":{"card_number":4111111111111111}}""", "card_number_refused")]
    public void Passwords_and_card_numbers_are_refused_and_kept_nowhere(string sent, string code)
    {
        foreach (var message in (string[])[$$"""{"type":"track","event":"E","userId":"u","properties":{{sent}}}""", $$"""{"type":"identify","userId":"u","traits":{{sent}}}""",
            $$"""{"type":"track","event":"E","userId":"u","context":{"form":{{sent}} } }"""])
        {
            var refusal = Refused(message);
            Assert.Equal(code, refusal.Code);
            var kept = Encoding.UTF8.GetString(refusal.Content);
            Assert.All((string[])["hunter2", "x1", "12345", "4111", "6222", "5555"], secret => Assert.DoesNotContain(secret, kept, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"password":true}""")]
    [InlineData("""{"password":null}""")]
    [InlineData("""{"password":"********"}""")]
    [InlineData("""{"password":"[FILTERED]"}""")]
    [InlineData("""{"password_strength":"good"}""")]
    [InlineData("""{"order_id":"2024110512345678"}""")]
    public void What_hides_a_password_is_none(string sent) => Check($$"""{"type":"track","event":"E","userId":"u","properties":{{sent}}}""", "properties", sent, null);

    [Fact]
    public void What_is_declared_personal_is_sealed_and_what_is_declared_otherwise_is_not_looked_into()
    {
        var declared = new PersonalDeclarations(
            new Dictionary<string, bool> { ["guild"] = true, ["note"] = false, ["vip"] = true }.ToFrozenDictionary(),
            new Dictionary<string, FrozenDictionary<string, bool>> { ["order_completed"] = new Dictionary<string, bool> { ["gift_to"] = true, ["order"] = false }.ToFrozenDictionary() }
                .ToFrozenDictionary(), SealUndeclared: false);
        Check("""{"type":"identify","userId":"u","traits":{"guild":"G","note":"a@x.test","vip":true,"plan":"pro"}}""", "traits",
            """{"note":"a@x.test","plan":"pro"}""", """{"guild":"G","vip":true}""", declared);
        Check("""{"type":"track","event":"Order Completed","userId":"u","properties":{"gift_to":{"city":"Xi'an"},"order":"4111111111111111","revenue":5}}""", "properties",
            """{"order":"4111111111111111","revenue":5}""", """{"gift_to":{"city":"Xi'an"}}""", declared);
        Check("""{"type":"track","event":"Order Viewed","userId":"u","properties":{"gift_to":"x"}}""", "properties", """{"gift_to":"x"}""", null, declared);
    }

    [Fact]
    public void What_is_undeclared_is_sealed_where_the_settings_say_so()
    {
        var declared = new PersonalDeclarations(new Dictionary<string, bool> { ["plan"] = false }.ToFrozenDictionary(),
            FrozenDictionary<string, FrozenDictionary<string, bool>>.Empty, SealUndeclared: true);
        Check("""{"type":"identify","userId":"u","traits":{"plan":"pro","likes":"cats","vip":true}}""", "traits", """{"plan":"pro"}""",
            """{"likes":"cats","vip":true}""", declared);
        Check("""{"type":"track","event":"Order Refunded","userId":"u","properties":{"revenue":5}}""", "properties", "{}", """{"revenue":-5,"raw_revenue":5}""", declared);
    }

    private static void Check(string sent, string member, string open, string? @sealed, PersonalDeclarations? declared = null)
    {
        var message = Accepted(sent, declared: declared);
        Assert.Equal(open, Json(message.Open()[member]) ?? "{}");
        Assert.Equal(@sealed, Json(message.Personal()?[member]));
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string? Json(JsonNode? node) => node?.ToJsonString(Plain);
}
