using System.Collections.Frozen;
using System.Text;

namespace Lifecycle.Domain.Personal;

/// <summary>By what a customer can be looked up, though it is sealed.</summary>
public enum LookUpKind : short { Email = 1, Phone = 2, Name = 3 }

/// <summary>Which attributes customers can be looked up by, and the one form in which their values are compared.</summary>
public static class LookUp
{
    /// <summary>Longer values are not looked up.</summary>
    public const int LengthMax = 256;

    private const int PhoneDigitsMin = 5;

    private static readonly FrozenDictionary<string, LookUpKind> Kinds = new (LookUpKind Kind, string[] Names)[]
    {
        (LookUpKind.Email, ["email", "emailaddress", "mail", "contactemail", "邮箱", "电子邮箱", "电子邮件", "郵箱"]),
        (LookUpKind.Phone, ["phone", "phonenumber", "mobile", "mobilephone", "mobilenumber", "telephone", "contactphone", "手机", "手机号", "手机号码", "电话",
            "手機"]),
        (LookUpKind.Name, ["name", "realname", "fullname", "姓名", "真实姓名"]),
    }.SelectMany(entry => entry.Names.Select(name => (name, entry.Kind))).ToFrozenDictionary(pair => pair.name, pair => pair.Kind);

    /// <summary>What an attribute's name stands for, in any style; null where customers are not looked up by it.</summary>
    public static LookUpKind? KindOf(string attribute)
    {
        if (attribute.Length > PersonalNames.LengthMax) return null;
        var plain = new StringBuilder(attribute.Length);
        foreach (var letter in attribute)
            if (char.IsLetterOrDigit(letter)) plain.Append(char.ToLowerInvariant(letter));
        return Kinds.TryGetValue(plain.ToString(), out var kind) ? kind : null;
    }

    /// <summary>The value as it is compared: e-mail addresses and names in lower case, with single blanks; phone numbers by their digits, a Chinese
    /// mobile's without the country. Null for what cannot be looked up.</summary>
    public static string? Normalised(LookUpKind kind, string text)
    {
        if (text.Length > LengthMax) return null;
        if (kind == LookUpKind.Phone) return Digits(text);
        var normal = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        return normal.Length == 0 || (kind == LookUpKind.Email && !normal.Contains('@', StringComparison.Ordinal)) ? null : normal;
    }

    private static string? Digits(string text)
    {
        var all = new string([.. text.Where(char.IsAsciiDigit)]);
        var own = all.StartsWith("00", StringComparison.Ordinal) ? all[2..] : all;
        if (own.Length == 13 && own.StartsWith("861", StringComparison.Ordinal)) own = own[2..];
        return own.Length < PhoneDigitsMin ? null : own;
    }
}
