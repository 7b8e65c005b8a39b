using System.Globalization;
using System.Text;
using Lifecycle.Delivery.Channels.Webhook;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public class StandardWebhooksTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Older = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string KnownSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const long Timestamp = 1614265330;
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly Instant Now = Instant.FromUnixTimeSeconds(Timestamp);

    [Fact]
    public void The_published_example_has_the_published_signature() =>
        Assert.Equal(KnownSignature, StandardWebhooks.Sign(Secret, Id, Timestamp, Body));

    [Fact]
    public void Signatures_equal_those_of_the_reference_libraries()
    {
        var vectors = Vectors.Read("standard-webhooks").EnumerateArray().ToArray();
        Assert.Equal(6, vectors.Length);
        foreach (var vector in vectors)
        {
            var body = Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!);
            var signature = StandardWebhooks.Sign(vector.GetProperty("secret").GetString()!, vector.GetProperty("webhookId").GetString()!,
                vector.GetProperty("webhookTimestamp").GetInt64(), body);
            Assert.Equal(vector.GetProperty("signature").GetString(), signature);
        }
    }

    [Fact]
    public void While_secrets_change_over_a_message_bears_a_signature_of_each_newest_first()
    {
        var both = StandardWebhooks.Sign($"{Secret} {Older}", Id, Timestamp, Body);
        Assert.Equal($"{KnownSignature} {StandardWebhooks.Sign(Older, Id, Timestamp, Body)}", both);
        Assert.Equal(SignatureCheck.Genuine, Verify(signatures: both, secret: Older));
        Assert.Equal(SignatureCheck.Genuine, Verify(signatures: both, secret: Secret));
    }

    [Fact]
    public void Signatures_of_other_versions_are_passed_over()
    {
        const string asymmetric = "v1a,PE2X17Ry8qC3GmRnXg9IPh4dl2mXTdtof9yzk1Q2CXbTksS4AXsZdsQVzBnbGT1kum6tlowm0J3eGcw7Aag3Bw==";
        Assert.Equal(SignatureCheck.Genuine, Verify(signatures: $"{asymmetric} {KnownSignature}"));
        Assert.Equal(SignatureCheck.SignatureWrong, Verify(signatures: asymmetric));
    }

    [Theory]
    [InlineData(0, SignatureCheck.Genuine)]
    [InlineData(-299, SignatureCheck.Genuine)]
    [InlineData(300, SignatureCheck.Genuine)]
    [InlineData(-302, SignatureCheck.TooOld)]
    [InlineData(302, SignatureCheck.TooNew)]
    public void A_message_is_taken_within_five_minutes_of_its_timestamp(int secondsOff, SignatureCheck expected) =>
        Assert.Equal(expected, Verify(now: Now - Duration.FromSeconds(secondsOff)));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1614265330")]
    [InlineData("1614265330.5")]
    public void A_timestamp_that_is_no_number_is_refused(string timestamp) =>
        Assert.Equal(SignatureCheck.TimestampUnreadable, StandardWebhooks.Verify(Secret, Id, timestamp, KnownSignature, Body, Now));

    [Fact]
    public void Another_body_id_or_secret_makes_the_signature_wrong()
    {
        var timestamp = Text(Timestamp);
        Assert.Equal(SignatureCheck.SignatureWrong, StandardWebhooks.Verify(Secret, Id, timestamp, KnownSignature, """{"test":2432232314}"""u8, Now));
        Assert.Equal(SignatureCheck.SignatureWrong, StandardWebhooks.Verify(Secret, "msg_other", timestamp, KnownSignature, Body, Now));
        Assert.Equal(SignatureCheck.SignatureWrong, Verify(secret: Older));
        Assert.Equal(SignatureCheck.SignatureWrong, Verify(signatures: ""));
    }

    [Fact]
    public void A_new_secret_has_32_bytes_and_is_never_the_same()
    {
        Assert.Equal(32, StandardWebhooks.KeyOf(StandardWebhooks.NewSecret()).Length);
        Assert.NotEqual(StandardWebhooks.NewSecret(), StandardWebhooks.NewSecret());
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool accepted)
    {
        var secret = StandardWebhooks.SecretPrefix + Convert.ToBase64String(new byte[bytes]);
        if (accepted) Assert.Equal(bytes, StandardWebhooks.KeyOf(secret).Length);
        else Assert.Throws<FormatException>(() => StandardWebhooks.KeyOf(secret));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_")]
    [InlineData("whsec_")]
    public void What_is_not_whsec_and_base64_is_no_secret(string secret) => Assert.Throws<FormatException>(() => StandardWebhooks.KeyOf(secret));

    [Fact]
    public void The_padding_of_a_secret_may_be_left_off()
    {
        var padded = "whsec_" + Convert.ToBase64String(new byte[32]);
        Assert.Equal(StandardWebhooks.KeyOf(padded), StandardWebhooks.KeyOf(padded.TrimEnd('=')));
    }

    private static SignatureCheck Verify(string? signatures = null, string secret = Secret, Instant? now = null) =>
        StandardWebhooks.Verify(secret, Id, Text(Timestamp), signatures ?? KnownSignature, Body, now ?? Now);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
