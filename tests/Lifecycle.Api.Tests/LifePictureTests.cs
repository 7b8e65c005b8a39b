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

    private static string Picture(DateTimeZone zone, string customer, string stage) => LifePicture.Draw(customer,
        [new LifeSpan("lifecycle", stage, Evening, null)], [new LifeMark(stage, Evening)], [new LifeMark(stage, Evening)],
        new Dictionary<string, IReadOnlyList<(string, bool)>>(), Evening + Duration.FromDays(2), zone);
}
