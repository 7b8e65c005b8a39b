using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Texts;
using Xunit;

namespace Lifecycle.Domain.Tests;

public sealed class NfcTests
{
    [Theory]
    [InlineData("Cafe\u0301", "Café")]
    [InlineData("Café", "Café")]
    [InlineData("\u212B\u2126", "ÅΩ")]
    [InlineData("e\u0323\u0301", "\u1EB9\u0301")]
    [InlineData("e\u0301\u0323", "\u1EB9\u0301")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("한국 天下贰 ガンダム", "한국 天下贰 ガンダム")]
    [InlineData("カ\u3099", "ガ")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\u0301alone", "\u0301alone")]
    [InlineData("", "")]
    public void One_text_has_one_form(string written, string form) => Assert.Equal(form, Nfc.Of(written));

    /// <summary>Every character of Unicode 14 among marks, compared with another implementation by a hash over all.</summary>
    [Fact]
    public void Every_character_has_the_form_that_others_give_it()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var point = 0; point < 0x110000; point++)
        {
            if (point is >= 0xD800 and < 0xE000) continue;
            var one = char.ConvertFromUtf32(point);
            hash.AppendData(Encoding.UTF8.GetBytes(Nfc.Of($"a{one}\u0301{one}\u0323")));
        }
        Assert.Equal("6e8cdcb640d4896bda8948156acf55486fdf2aa7160d128b2d7242dcffd2f5de", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void What_is_in_its_form_stays_the_very_string_and_a_second_pass_changes_nothing()
    {
        const string Plain = "order_completed Größe 天下贰";
        Assert.Same(Plain, Nfc.Of(Plain));
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => (char)random.Next(i % 2 == 0 ? 0x3200 : 0x10000))]);
            Assert.Equal(Nfc.Of(text), Nfc.Of(Nfc.Of(text)));
        }
    }

    [Fact]
    public void Any_number_of_marks_comes_to_an_end()
    {
        var many = "a" + string.Concat(Enumerable.Repeat("\u0323\u0301", 16_000));
        Assert.StartsWith("\u1EA1", Nfc.Of(many), StringComparison.Ordinal);
    }
}
