using System.Buffers;

namespace Lifecycle.Domain.Personal;

/// <summary>What the form of a text says about it.</summary>
public enum TextShape : byte
{
    Other,

    /// <summary>An e-mail address, a phone number or a Chinese identity number.</summary>
    Personal,

    /// <summary>The number of a bank or credit card.</summary>
    Card,
}

/// <summary>Recognises by its form what is personal, whatever its name.</summary>
/// <remarks>A number of an order or an article must not be taken for more than it is: a card number has the prefix and the length of a known issuer
/// and a right check digit, an identity number a province, a day of birth and a right check digit, a phone number a <c>+</c>, the form of its
/// country, or is a Chinese mobile's.</remarks>
public static class PersonalShapes
{
    /// <summary>Longer texts are not looked into.</summary>
    public const int LengthMax = 128;

    private const int LengthMin = 6, DigitsMin = 7, DigitsMax = 19;

    private static readonly SearchValues<char> MailLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-");

    public static TextShape Of(ReadOnlySpan<char> text)
    {
        if (text.Length is < LengthMin or > LengthMax) return TextShape.Other;
        text = text.Trim();
        for (var at = text.IndexOf('@'); at >= 0;)
        {
            if (IsMailAddress(text, at)) return TextShape.Personal;
            var next = text[(at + 1)..].IndexOf('@');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return OfDigits(text);
    }

    /// <summary>Whether a value whose name says that it is a card number is one: it has the prefix and the length of a known issuer.</summary>
    public static bool IsCardNumber(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[DigitsMax];
        var count = 0;
        foreach (var letter in text)
        {
            if (letter is ' ' or '-') continue;
            if (!char.IsAsciiDigit(letter) || count == DigitsMax) return false;
            digits[count++] = letter;
        }
        return IsIssued(digits[..count]);
    }

    private static bool IsMailAddress(ReadOnlySpan<char> text, int at)
    {
        var local = text[..at];
        local = local[(local.LastIndexOfAnyExcept(MailLetters) + 1)..];
        var domain = text[(at + 1)..];
        if (domain.IndexOfAnyExcept(MailLetters) is var end and >= 0) domain = domain[..end];
        domain = domain.TrimEnd('.');
        if (local.IsEmpty || domain.LastIndexOf('.') is not (var dot and > 0)) return false;
        var last = domain[(dot + 1)..];
        if (last.Length < 2 || last.ContainsAnyExceptInRange('A', 'z')) return false;
        // logo@2x.png is the name of a picture.
        return last is not ("png" or "jpg" or "jpeg" or "gif" or "svg" or "webp");
    }

    private static TextShape OfDigits(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[DigitsMax];
        var (count, dots, others, plain) = (0, 0, 0, true);
        for (var place = 0; place < text.Length; place++)
        {
            var letter = text[place];
            if (char.IsAsciiDigit(letter))
            {
                if (count == DigitsMax) return TextShape.Other;
                digits[count++] = letter;
                continue;
            }
            if (letter is 'X' or 'x' && place == text.Length - 1 && count == 17 && plain)
            {
                digits[count++] = 'X';
                continue;
            }
            plain = false;
            if (letter == '.') dots++;
            else if (letter is '(' or ')' || (letter == '+' && place == 0)) others++;
            else if (letter is not (' ' or '-')) return TextShape.Other;
        }
        if (count < DigitsMin) return TextShape.Other;
        var number = digits[..count];
        if (plain && IsIdentityNumber(number)) return TextShape.Personal;
        if (number[^1] == 'X') return TextShape.Other;
        if (dots == 0 && others == 0 && IsIssued(number) && HasCheckDigit(number)) return TextShape.Card;
        return IsPhoneNumber(text, number, dots) ? TextShape.Personal : TextShape.Other;
    }

    private static bool IsPhoneNumber(ReadOnlySpan<char> text, ReadOnlySpan<char> digits, int dots)
    {
        if (text[0] == '+') return digits.Length is >= 8 and <= 15 && dots != 1;
        var own = digits.StartsWith("0086") ? digits[4..] : digits.Length == 13 && digits.StartsWith("86") ? digits[2..] : digits;
        if (dots == 0 && own is ['1', >= '3' and <= '9', ..] && own.Length == 11) return true;
        return HasForm(text, "0dd-dddddddd") || HasForm(text, "0ddd-ddddddd") || HasForm(text, "0ddd-dddddddd")
            || HasForm(text, "(ddd) ddd-dddd") || HasForm(text, "(ddd)ddd-dddd") || HasForm(text, "ddd-ddd-dddd") || HasForm(text, "ddd.ddd.dddd")
            || HasForm(text, "1-ddd-ddd-dddd");
    }

    /// <param name="form">Where it has a <c>d</c> the text has any digit, elsewhere the same letter.</param>
    private static bool HasForm(ReadOnlySpan<char> text, ReadOnlySpan<char> form)
    {
        if (text.Length != form.Length) return false;
        for (var place = 0; place < text.Length; place++)
            if (form[place] == 'd' ? !char.IsAsciiDigit(text[place]) : form[place] != text[place]) return false;
        return true;
    }

    /// <summary>Prefix and length are those of an issuer of cards.</summary>
    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 14 or > 19) return false;
        var (two, three, four) = (Number(digits[..2]), Number(digits[..3]), Number(digits[..4]));
        return digits.Length switch
        {
            14 => two is 36 or 38 or 39 || three is >= 300 and <= 305,
            15 => two is 34 or 37,
            16 => two / 10 == 4 || two is >= 51 and <= 55 or 62 or 65 || four is >= 2221 and <= 2720 or 6011 or >= 3528 and <= 3589
                || three is >= 644 and <= 649,
            _ => two == 62,
        };
    }

    /// <summary>The check digit by Luhn.</summary>
    private static bool HasCheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = digits[^(place + 1)] - '0';
            if (place % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>GB 11643: province, day of birth, and a check digit that may be X.</summary>
    private static bool IsIdentityNumber(ReadOnlySpan<char> digits)
    {
        if (digits.Length != 18) return false;
        if (Number(digits[..2]) is not (>= 11 and <= 15 or >= 21 and <= 23 or >= 31 and <= 37 or >= 41 and <= 46 or >= 50 and <= 54 or >= 61
            and <= 65 or 71 or >= 81 and <= 83))
            return false;
        var (year, month, day) = (Number(digits[6..10]), Number(digits[10..12]), Number(digits[12..14]));
        if (year is < 1900 or > 2099 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        var (sum, weight) = (0, 1);
        for (var place = 16; place >= 0; place--)
        {
            weight = weight * 2 % 11;
            sum += (digits[place] - '0') * weight;
        }
        return "10X98765432"[sum % 11] == digits[17];
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = number * 10 + digit - '0';
        return number;
    }
}
