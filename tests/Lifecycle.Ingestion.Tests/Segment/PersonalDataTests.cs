using System.Text;
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

    private static void Check(string sent, string member, string open, string? @sealed)
    {
        var message = Accepted(sent);
        Assert.Equal(open, message.Open()[member]?.ToJsonString() ?? "{}");
        Assert.Equal(@sealed, message.Personal()?[member]?.ToJsonString());
    }
}
