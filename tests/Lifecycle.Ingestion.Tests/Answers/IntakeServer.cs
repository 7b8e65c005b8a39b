using System.Text.Json.Nodes;
using Lifecycle.Api.Intake;
using Lifecycle.Domain.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Ingestion.Tests.Answers;

/// <summary>The intake routes alone, on a free port of 127.0.0.1.</summary>
internal sealed class IntakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IntakeServer(WebApplication app, IntakeFixture fixture)
    {
        (_app, Fixture) = (app, fixture);
        Url = new Uri(app.Urls.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Url };
    }

    public IntakeFixture Fixture { get; }
    public Uri Url { get; }
    public HttpClient Http { get; }

    /// <param name="before">What stands before the routes, for instance something that breaks off.</param>
    public static async Task<IntakeServer> StartAsync(Func<HttpContext, Func<Task>, Task>? before = null)
    {
        var fixture = await IntakeFixture.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(fixture.Intake).AddSingleton(fixture.Keys);
        var app = builder.Build();
        if (before is not null) app.Use((context, next) => before(context, next));
        app.UseRouting();
        app.MapIntake();
        // Not at once, so that who waits has to go on asking for the same.
        app.MapGet("/v1/progress", (string? after) => after is null or "as far as now" ? Results.Json(new { judged = after is not null, seen = "as far as now" }) : Results.BadRequest());
        app.MapGet("/v1/history", () => Results.Json(new { clock = Instant.FromDateTimeUtc(DateTime.UtcNow).ToIso(), zone = "Asia/Shanghai" }));
        app.MapPost("/v1/history/present", async (HttpContext context) =>
        {
            var asked = (await JsonNode.ParseAsync(context.Request.Body))!["customers"]!.AsArray().Count;
            return Results.Json(new { present = asked - 1 });
        });
        await app.StartAsync();
        return new(app, fixture);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Fixture.DisposeAsync();
    }
}
