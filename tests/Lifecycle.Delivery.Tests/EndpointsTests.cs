using Lifecycle.Delivery.Channels.Webhook;

namespace Lifecycle.Delivery.Tests;

public class EndpointsTests
{
    [Fact]
    public async Task Endpoints_are_numbered_from_one_per_tenant_also_when_many_are_made_at_once()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var other = await shop.Log.Tenants.EnsureAsync("another", test: false);
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => shop.Endpoints.CreateAsync(shop.Tenant, $"https://example.com/{n}")));
        Assert.Equal([1, 2, 3, 4, 5, 6], made.Select(one => one.Endpoint!.Number).Order());
        Assert.Equal(1, (await shop.Endpoints.CreateAsync(other.Id, "https://example.com/")).Endpoint!.Number);
        Assert.Equal([1, 2, 3, 4, 5, 6], (await shop.Endpoints.ListAsync(shop.Tenant)).Select(endpoint => endpoint.Number));
    }

    [Fact]
    public async Task The_secret_is_shown_on_creation_and_for_one_endpoint_but_not_in_lists()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var made = (await shop.Endpoints.CreateAsync(shop.Tenant, "https://example.com/hook")).Endpoint!;
        Assert.Equal(32, StandardWebhooks.KeyOf(made.Secrets!).Length);
        Assert.Equal(made, await shop.Endpoints.FindAsync(shop.Tenant, 1));
        Assert.Equal(made with { Secrets = null }, Assert.Single(await shop.Endpoints.ListAsync(shop.Tenant)));
        Assert.Null(await shop.Endpoints.FindAsync(shop.Tenant, 2));
    }

    [Fact]
    public async Task An_endpoint_is_disabled_and_enabled_by_hand_and_its_failures_are_then_forgotten()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        await shop.Endpoints.CreateAsync(shop.Tenant, "https://example.com/hook");
        await shop.ExecuteAsync("update endpoint set failing_since = now()");

        Assert.True(await shop.Endpoints.DisableAsync(shop.Tenant, 1));
        var disabled = (await shop.Endpoints.FindAsync(shop.Tenant, 1))!;
        Assert.Equal((false, "by_hand"), (disabled.Enabled, disabled.DisabledBecause));
        Assert.True(await shop.Endpoints.EnableAsync(shop.Tenant, 1));
        var enabled = (await shop.Endpoints.FindAsync(shop.Tenant, 1))!;
        Assert.Equal((true, null, null), (enabled.Enabled, enabled.DisabledBecause, enabled.FailingSince));
        Assert.False(await shop.Endpoints.DisableAsync(shop.Tenant, 2));
        Assert.False(await shop.Endpoints.EnableAsync(shop.Tenant, 2));
    }

    [Theory]
    [InlineData("https://example.com", null)]
    [InlineData("http://example.com:8080/a?b=c", null)]
    [InlineData("http://127.0.0.1:5081/", null)]
    [InlineData("", "url_invalid")]
    [InlineData("example.com/hook", "url_invalid")]
    [InlineData("/hook", "url_scheme")]
    [InlineData("file:///etc/passwd", "url_scheme")]
    [InlineData("gopher://example.com", "url_scheme")]
    [InlineData("ftp://example.com/", "url_scheme")]
    [InlineData("https://user:password@example.com/", "url_credentials")]
    [InlineData("https://user@example.com/", "url_credentials")]
    [InlineData("https://example.com/#part", "url_fragment")]
    [InlineData("http://example.com:22/", "url_port")]
    [InlineData("http://example.com:25/", "url_port")]
    public void A_url_is_http_or_https_without_credentials_or_fragment_on_a_port_of_the_webs(string url, string? problem) =>
        Assert.Equal(problem, Endpoint.ProblemOf(url));

    [Fact]
    public async Task A_url_with_a_problem_is_not_registered()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        Assert.Equal(new EndpointStore.Registration(null, "url_scheme"), await shop.Endpoints.CreateAsync(shop.Tenant, "ftp://example.com/"));
        Assert.Empty(await shop.Endpoints.ListAsync(shop.Tenant));
        Assert.Equal("url_too_long", Endpoint.ProblemOf("https://example.com/" + new string('a', 2048)));
    }
}
