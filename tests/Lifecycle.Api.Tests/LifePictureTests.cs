using Lifecycle.Api.Customers;
using NodaTime;

namespace Lifecycle.Api.Tests;

/// <summary>A customer's life as an image.</summary>
public sealed class LifePictureTests
{
    private static readonly Instant Evening = Instant.FromUtc(2026, 1, 31, 20, 0);

    [Theory, InlineData("UTC", "31 Jan 2026 to 2 Feb 2026"), InlineData("Asia/Shanghai", "1 Feb 2026 to 3 Feb 2026")]
    public void Days_are_those_of_the_definitions_zone(string zone, string days)
    {
        var picture = Picture(DateTimeZoneProviders.Tzdb[zone], "mei", "usual");
        Assert.Contains($">{days}<", picture);
        Assert.Contains($"<title>usual: {days[..days.IndexOf(" to", StringComparison.Ordinal)]} to now (2 days)</title>", picture);
    }

    [Fact]
    public void Whatever_a_customer_and_a_stage_are_called_the_image_stays_one()
    {
        var picture = Picture(DateTimeZone.Utc, "<script>", "\"&");
        Assert.Contains("&lt;script&gt;", picture);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(picture).Root?.Name.LocalName);
    }

    [Fact]
    public void Characters_that_xml_cannot_hold_are_replaced_and_none_is_cut_in_two()
    {
        foreach (var name in (string[])["a\u0001b\u001Fc\uFFFEd", "\uD83D alone", new string('x', 16) + "😀😀😀", "e" + new string('\u0301', 40)])
        {
            var picture = Picture(DateTimeZone.Utc, name, name);
            Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(picture).Root?.Name.LocalName);
        }
        Assert.Contains(">a\uFFFDb\uFFFDc\uFFFDd<", Picture(DateTimeZone.Utc, "a\u0001b\u001Fc\uFFFEd", "s"));
    }

    private static string Picture(DateTimeZone zone, string customer, string stage) => LifePicture.Draw(customer,
        [new LifeSpan("lifecycle", stage, Evening, null)], [new LifeMark(stage, Evening)], [new LifeMark(stage, Evening)],
        new Dictionary<string, IReadOnlyList<(string, bool)>>(), Evening + Duration.FromDays(2), zone);
}
