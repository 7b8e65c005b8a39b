using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using NodaTime;

namespace Lifecycle.Domain.States;

/// <summary>A customer's state as compact bytes and back. The first byte is the format's version.</summary>
/// <remarks>Writing what was read gives the same bytes. A state of a version that is not known is refused: it is a cache and can be rebuilt from the
/// log.</remarks>
public static class StateCodec
{
    private const byte Version = 4;

    public static byte[] Write(CustomerState state) => Write(state, new StateWriter());

    /// <inheritdoc cref="Write(CustomerState)"/>
    /// <param name="writer">The memory in which it is written; for those who write many.</param>
    public static byte[] Write(CustomerState state, StateWriter writer)
    {
        writer.Clear();
        writer.Byte(Version);
        WriteHead(writer, state);
        writer.Whole(state.History.Series.Length);
        foreach (var series in state.History.Series) SeriesCodec.Write(writer, series, state.Clock.ToUnixTimeMilliseconds());
        writer.Map(state.History.Attributes, static (writer, attribute) =>
        {
            writer.Instant(attribute.At);
            writer.Value(attribute.Value);
            writer.Flag(attribute.IsPersonal);
        });
        writer.Map(state.History.Consents, static (writer, consent) =>
        {
            writer.Flag(consent.Granted);
            writer.Instant(consent.At);
        });
        WriteStanding(writer, state.Decisions);
        return writer.ToArray();
    }

    /// <param name="nextReview">What <see cref="CustomerMachine.NextReview"/> said of the state that was written, so that it is not looked for again;
    /// null where that is not known.</param>
    /// <exception cref="InvalidDataException">The bytes are of another version.</exception>
    public static CustomerState Read(ReadOnlyMemory<byte> bytes, CustomerKey customer, Instant? nextReview = null)
    {
        var reader = new StateReader(bytes);
        if (reader.Byte() is var version and not Version)
            throw new InvalidDataException(
                $"The state of customer {customer} has format {version}; this version reads {Version}. Rebuild the states.");
        var state = ReadHead(reader, customer);
        state.History = new MetricHistory { Series = new Series[reader.Count()] };
        for (var slot = 0; slot < state.History.Series.Length; slot++)
        {
            var series = SeriesCodec.Read(reader, state.Clock.ToUnixTimeMilliseconds());
            state.History.Series[slot] = series;
            state.History.Weight += series.Weight;
        }
        state.History.Attributes =
            reader.Map(static reader => new CustomerAttribute(reader.Instant(), reader.Value()) { IsPersonal = reader.Flag() });
        state.History.Consents = reader.Map(static reader => new Consent(reader.Flag(), reader.Instant()));
        ReadStanding(reader, state.Decisions);
        // Of who is known by history alone it says never, whatever may be due.
        if (!state.ImportOpen) state.NextDue = nextReview;
        return state;
    }

    /// <summary>What was decided, without the history, which can be folded from the inputs.</summary>
    public static byte[] WriteDecided(CustomerState state)
    {
        var writer = new StateWriter();
        writer.Byte(Version);
        WriteHead(writer, state);
        WriteStanding(writer, state.Decisions);
        return writer.ToArray();
    }

    /// <summary>A state as it was decided, with an empty history.</summary>
    /// <exception cref="InvalidDataException">The bytes are of a version that this program does not read.</exception>
    public static CustomerState ReadDecided(ReadOnlyMemory<byte> bytes, CustomerKey customer)
    {
        var reader = new StateReader(bytes);
        if (reader.Byte() is var version and not Version)
            throw new InvalidDataException($"What was decided of customer {customer} is written in format {version}; this version reads {Version}.");
        var state = ReadHead(reader, customer);
        ReadStanding(reader, state.Decisions);
        // It was written when all that was due up to its clock had been lived through.
        state.NothingDueBefore = state.Clock.After(1);
        return state;
    }

    private static void WriteHead(StateWriter writer, CustomerState state)
    {
        writer.Instant(state.Clock);
        writer.Optional(state.FirstSeen);
        writer.Optional(state.LastSeen);
        writer.Whole(state.LivedTo);
        writer.Whole(state.Release);
        writer.Byte((byte)((state.InPresent ? 1 : 0) | (state.IsErased ? 2 : 0)));
        writer.Whole(state.Inputs);
    }

    private static CustomerState ReadHead(StateReader reader, CustomerKey customer)
    {
        var state = new CustomerState(customer)
        {
            Clock = reader.Instant(),
            FirstSeen = reader.Optional(),
            LastSeen = reader.Optional(),
            LivedTo = reader.Whole(),
            Release = reader.Count(),
        };
        var flags = reader.Byte();
        if ((flags & 2) != 0) state.Erase();
        (state.InPresent, state.Inputs) = ((flags & 1) != 0, reader.Count());
        return state;
    }

    private static void WriteStanding(StateWriter writer, CustomerDecisions standing)
    {
        writer.List(standing.Tracks, static (writer, track) =>
        {
            writer.Text(track.Track);
            writer.Text(track.Stage);
            writer.Instant(track.Since);
            writer.Whole(track.Input);
            writer.Whole(track.Entries);
            writer.Byte((byte)track.Pause);
            writer.List(track.Watched, static (writer, holds) => writer.Flag(holds));
            writer.Whole(track.MovesByTime);
            writer.Map(track.HeldSince, static (writer, since) => writer.Instant(since));
        });
        writer.List(standing.Enrolments, static (writer, enrolment) =>
        {
            writer.Text(enrolment.Journey);
            writer.Whole(enrolment.Number);
            writer.Whole(enrolment.Release);
            writer.Instant(enrolment.StartedAt);
            writer.Whole(enrolment.Input);
            writer.Whole(enrolment.NextStep);
            writer.Instant(enrolment.WakeAt);
        });
        writer.Map(standing.Participations, static (writer, participation) =>
        {
            writer.Whole(participation.Count);
            writer.Instant(participation.LastStarted);
        });
        writer.List(standing.Requests, static (writer, request) =>
        {
            writer.Id(request.Key);
            writer.Text(request.Channel);
            writer.Instant(request.At);
            writer.Byte((byte)(request.Outcome is { } outcome ? (int)outcome + 1 : 0));
        });
        WritePoints(writer, standing);
        writer.Map(standing.Benefits, static (writer, benefit) =>
        {
            writer.Instant(benefit.Since);
            writer.List(benefit.ConferredBy, static (writer, by) =>
            {
                writer.Text(by.Track);
                writer.Text(by.Stage);
                writer.Whole(by.Grace);
            });
            writer.Instant(benefit.GraceEnd);
        });
        writer.Map(standing.Cuts, static (writer, points) => writer.List(points, static (writer, point) => writer.Decimal(point)));
    }

    private static void WritePoints(StateWriter writer, CustomerDecisions standing)
    {
        writer.Total(standing.Points.Debt);
        writer.List(standing.Points.Lots, static (writer, lot) =>
        {
            writer.Signed(lot.Expires);
            writer.Total(lot.Points);
        });
        writer.List(standing.Orders, static (writer, order) =>
        {
            writer.Id(order.Order);
            writer.Decimal(order.Earned);
            writer.Flag(order.Amount is not null);
            if (order.Amount is { } amount) writer.Decimal(amount);
            writer.Flag(order.ByQuantity);
            writer.Decimal(order.Refunded);
            writer.Decimal(order.Taken);
        });
    }

    private static void ReadStanding(StateReader reader, CustomerDecisions standing)
    {
        reader.List(standing.Tracks, static reader =>
        {
            var (track, stage, since, input, entries) = (reader.Text(), reader.Text(), reader.Instant(), reader.Count(), reader.Count());
            var rest = (TrackPause)reader.Byte();
            var watched = new List<bool>();
            reader.List(watched, static reader => reader.Flag());
            var restored = TrackState.Restore(track, stage, since, input, entries, rest, [.. watched], reader.Count());
            restored.HeldSince = reader.Map(static reader => reader.Instant());
            return restored;
        });
        reader.List(standing.Enrolments, static reader => new Enrolment(
            reader.Text(), reader.Count(), reader.Count(), reader.Instant(), reader.Count(), reader.Count(), reader.Instant()));
        standing.Participations = reader.Map(static reader => new Participation(reader.Count(), reader.Instant()));
        reader.List(standing.Requests, static reader => new Request(
            reader.Id(), reader.Text(), reader.Instant(), reader.Byte() is var outcome and not 0 ? (Outcome)(outcome - 1) : null));
        var debt = reader.Total();
        var lots = new List<PointsLot>();
        reader.List(lots, static reader => new PointsLot(reader.Signed(), reader.Total()));
        standing.Points.Restore(lots, debt);
        reader.List(standing.Orders, static reader => new OrderPoints(
            reader.Id(), reader.Decimal(), reader.Flag() ? reader.Decimal() : null, reader.Flag(), reader.Decimal(), reader.Decimal()));
        standing.Benefits = reader.Map(static reader =>
        {
            var since = reader.Instant();
            var by = new List<BenefitGrant>();
            reader.List(by, static reader => new BenefitGrant(reader.Text(), reader.Text(), reader.Whole()));
            return new Benefit(since, [.. by], reader.Instant());
        });
        standing.Cuts = reader.Map(static reader =>
        {
            var points = new List<decimal>();
            reader.List(points, static reader => reader.Decimal());
            return ImmutableArray.Create([.. points]);
        });
    }
}
