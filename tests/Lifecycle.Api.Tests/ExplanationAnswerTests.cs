using System.Text.Json;
using Lifecycle.Api.Http;
using Lifecycle.Api.Stages;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Api.Tests;

/// <summary>A condition as this API shows it.</summary>
public sealed class ExplanationAnswerTests
{
    [Fact]
    public void Each_part_says_what_it_was_which_events_made_it_and_whether_it_decided()
    {
        var id = new RecordId(new Guid("00000000-0000-0000-0000-000000000001"));
        var counted = new Explanation(ExplanationKind.Aggregate, "count(order_completed)", Value.Of(2m), [], [id])
        {
            Times = [Instant.FromUtc(2026, 11, 3, 14, 2)],
        };
        var held = new Explanation(ExplanationKind.Compare, "count(order_completed) >= 2", Value.True,
            [counted, Explanation.Leaf(ExplanationKind.Constant, "2", Value.Of(2m))], []);
        var failed = new Explanation(ExplanationKind.Compare, "customer.plan == 'gold'", Value.False,
            [Explanation.Leaf(ExplanationKind.Path, "customer.plan", Value.Missing)], []);
        var json = JsonSerializer.Serialize(ExplanationAnswer.Of(new Explanation(ExplanationKind.Or, "…", Value.True, [failed, held], [])), ApiJson.Options);
        Assert.Equal("""
            {"op":"or","text":"…","value":true,"parts":[
            {"op":"compare","text":"customer.plan == 'gold'","value":false,"parts":[
            {"op":"path","text":"customer.plan","value":null,"parts":[],"events":[],"times":[],"decided":false}],
            "events":[],"times":[],"decided":false},
            {"op":"compare","text":"count(order_completed) >= 2","value":true,"parts":[
            {"op":"aggregate","text":"count(order_completed)","value":2,"parts":[],
            "events":["ID"],"times":["2026-11-03T14:02:00.000Z"],"decided":true},
            {"op":"constant","text":"2","value":2,"parts":[],"events":[],"times":[],"decided":true}],"events":[],"times":[],"decided":true}],
            "events":[],"times":[],"decided":true}
            """.ReplaceLineEndings("").Replace("ID", id.ToString(), StringComparison.Ordinal), json);
    }
}
