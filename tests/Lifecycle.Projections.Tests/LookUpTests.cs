using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Personal;
using Lifecycle.EventLog.Encryption;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class LookUpTests
{
    [Fact]
    public async Task Customers_are_found_by_what_was_said_of_them_last_and_exactly()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await SaidAsync(shop, "ann", """{"email":"Ann@X.test","手机号":"+86 138-0013-8000"}""");
        await SaidAsync(shop, "bob", """{"contact_email":"bob@x.test","name":"Bob  Lee"}""");
        await shop.SettleAsync();
        Assert.Equal(["ann"], await FoundAsync(shop, "email", " ann@x.TEST "));
        Assert.Equal(["ann"], await FoundAsync(shop, "phone", "13800138000"));
        Assert.Equal(["bob"], await FoundAsync(shop, "email", "bob@x.test"));
        Assert.Equal(["bob"], await FoundAsync(shop, "realName", "bob lee"));
        Assert.Empty(await FoundAsync(shop, "email", "nn@x.test"));
        Assert.Null(await new LookUpQueries(shop.Log.Database).FindAsync(shop.Tenant, "country", "CN"));
        Assert.Equal(0, await shop.CountAsync("look_up where position('ann'::bytea in uuid_send(hash)) > 0"));

        // What is said to have been so before changes nothing; what is said later does, and null forgets.
        await SaidAsync(shop, "ann", """{"email":"old@x.test"}""", shop.Wall.Now - Duration.FromDays(3));
        await shop.SettleAsync();
        Assert.Equal((1, 0), ((await FoundAsync(shop, "email", "ann@x.test")).Count, (await FoundAsync(shop, "email", "old@x.test")).Count));
        await SaidAsync(shop, "ann", """{"email":"new@x.test","手机号":null}""");
        await shop.SettleAsync();
        Assert.Equal((0, 1, 0), ((await FoundAsync(shop, "email", "ann@x.test")).Count, (await FoundAsync(shop, "email", "new@x.test")).Count,
            (await FoundAsync(shop, "phone", "13800138000")).Count));

        await shop.Log.Server.ExecuteAsync("delete from look_up");
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++) await new Rebuild(shop.Log.Log, shop.Releases).RunAsync(shard);
        Assert.Equal(["ann"], await FoundAsync(shop, "email", "new@x.test"));
        await shop.RestartAsync();

        await shop.Log.Log.EraseAsync(shop.Tenant, shop.Log.Customer("ann"));
        await shop.SettleAsync();
        Assert.Equal(0, await shop.CountAsync($"look_up where customer = '{shop.Log.Customer("ann").Key}'"));
        Assert.Equal(["bob"], await FoundAsync(shop, "email", "bob@x.test"));
    }

    [Theory]
    [InlineData(LookUpKind.Phone, "(415) 555-0100", "4155550100")]
    [InlineData(LookUpKind.Phone, "0086 13800138000", "13800138000")]
    [InlineData(LookUpKind.Phone, "none", null)]
    [InlineData(LookUpKind.Email, "none", null)]
    [InlineData(LookUpKind.Name, "  王 小明 ", "王 小明")]
    public void Values_are_compared_in_one_form(LookUpKind kind, string text, string? normalised) => Assert.Equal(normalised, LookUp.Normalised(kind, text));

    private static async Task<IReadOnlyList<string>> FoundAsync(ProjectionShop shop, string attribute, string value)
    {
        var among = await new LookUpQueries(shop.Log.Database).FindAsync(shop.Tenant, attribute, value);
        return [.. (await shop.Stages.MembersAsync(shop.Tenant, new MembersQuestion { Among = among }))!.Members.Select(member => member.Id)];
    }

    private static async Task SaidAsync(ProjectionShop shop, string customer, string traits, Instant? at = null)
    {
        var input = shop.Log.Input(customer, new ProfileChanged(Properties.None), at);
        var keys = await shop.Log.Customers.EnsureAsync([input.Customer]);
        await shop.SendAsync(input with { Sealed = PersonalCipher.Encrypt(keys[input.Customer.Key], input.Id, Encoding.UTF8.GetBytes($$"""{"traits":{{traits}}}"""), forRules: true) });
    }
}
