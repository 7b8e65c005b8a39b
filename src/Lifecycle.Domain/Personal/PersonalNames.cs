using System.Collections.Frozen;

namespace Lifecycle.Domain.Personal;

/// <summary>What the name of a value says about it.</summary>
public enum NameKind : byte
{
    Other,

    /// <summary>Only a person has it: an e-mail address, a phone number, an IP address.</summary>
    Personal,

    /// <summary>Personal where it is said of a person itself, and not of something within: a <c>name</c>.</summary>
    PersonalAtTop,

    /// <summary>The number of a bank or credit card, if the value is one; personal in any case.</summary>
    Card,

    /// <summary>A password or a card's check number.</summary>
    Password,
}

/// <summary>Recognises by its name what is personal, in English and Chinese and in any style: <c>contactEmail</c>, <c>contact_email</c>,
/// <c>手机号</c>.</summary>
/// <remarks>What counts is how a name ends: <c>buyer_phone</c> is a phone number and <c>phone_model</c> is none. A number behind it says which of
/// several.</remarks>
public static class PersonalNames
{
    /// <summary>Longer names are none of these.</summary>
    public const int LengthMax = 64;

    private static readonly FrozenSet<string> Whole = Words("""
        mail tel ip zip latitude longitude avatar street passport
        """);

    // Joined: `phone number` and `phoneNumber` are phonenumber. A name ends with one if its last word, or its last two or three together, are that.
    private static readonly FrozenSet<string> Endings = Words("""
        email emailaddress mailaddress phone phonenumber phoneno mobile mobilephone mobilenumber mobileno telephone cellphone cellnumber telno
        telnumber
        wechat wechatid weixin weixinid weixinhao wxid openid unionid qq qqnumber whatsapp alipayaccount
        realname truename fullname firstname lastname middlename givenname familyname maidenname surname legalname contactname recipientname
        receivername
        consignee consigneename addressee buyername customername cardholder cardholdername accountholder holdername payeename payername guardianname
        passengername guestname
        idcard idcardno idcardnumber idnumber identitycard identitynumber nationalid citizenid socialsecuritynumber ssn passportnumber passportno
        taxid
        driverlicense driverslicense licenseplate iban bankaccount bankaccountnumber accountnumber
        address addressline streetaddress homeaddress billingaddress shippingaddress deliveryaddress postaladdress mailingaddress ipaddress macaddress
        postalcode postcode zipcode birthday birthdate dateofbirth dob avatarurl useragent useragentdata ip ipv4 ipv6 clientip remoteip
        advertisingid idfa idfv gaid oaid imei imsi androidid devicetoken passwordhash passwordsalt
        shouji shoujihao xingming youxiang shenfenzheng shenfenzhenghao dizhi
        """);

    private static readonly FrozenSet<string> AtTheTop = Words("name username nickname displayname 昵称 暱稱 用户名");

    private static readonly FrozenSet<string> Cards = Words("cardnumber cardno cardnum creditcard debitcard bankcard bankcardno ccnumber ccnum");

    private static readonly FrozenSet<string> Passwords = Words("""
        password passwd pwd passcode passphrase passwordconfirmation confirmpassword passwordrepeat passwordagain mima cvv cvv2 cvc cvc2 cardcvc
        """);

    private static readonly FrozenSet<string> ChineseEndings = Words("""
        姓名 手机 手机号 手机号码 手機 手機號 手機號碼 电话 电话号码 電話 電話號碼 座机 邮箱 邮箱地址 电子邮箱 电子邮件 邮件地址 郵箱 電郵 電子郵件 微信 微信号 微信號
        身份证 身份证号 身份证号码 身份證 身份證號 证件号 证件号码 护照 护照号 护照号码 地址 住址 收货人 收件人 联系人 生日 出生日期 银行账号 支付宝账号 车牌号 头像 邮编
        """);

    private static readonly FrozenSet<string> ChineseCards = Words("银行卡 银行卡号 信用卡 信用卡号 卡号 卡號 銀行卡 信用卡號");

    private static readonly FrozenSet<string> ChinesePasswords = Words("密码 口令 密碼");

    /// <summary>How many letters the longest Chinese ending has.</summary>
    private const int ChineseEndingMax = 5;

    private const int WordsMax = 3;

    public static NameKind Of(string name)
    {
        if (name.Length is 0 or > LengthMax) return NameKind.Other;
        var isChinese = name.AsSpan().ContainsAnyInRange('\u4e00', '\u9fff');
        if (isChinese && OfChinese(name) is var chinese and not NameKind.Other) return chinese;
        Span<char> plain = stackalloc char[LengthMax];
        Span<int> starts = stackalloc int[LengthMax];
        var (length, words) = Split(name, plain, starts);
        if (OfWords(plain[..length], starts[..words]) is var exact and not NameKind.Other) return exact;
        var shorter = plain[..length].TrimEnd("0123456789");
        if (shorter.Length == length || shorter.IsEmpty) return NameKind.Other;
        while (words > 1 && starts[words - 1] >= shorter.Length) words--;
        return OfWords(shorter, starts[..words]);
    }

    private static NameKind OfWords(ReadOnlySpan<char> plain, ReadOnlySpan<int> starts)
    {
        if (plain.IsEmpty) return NameKind.Other;
        if (Has(AtTheTop, plain)) return NameKind.PersonalAtTop;
        if (Has(Whole, plain)) return NameKind.Personal;
        if (OfEnding(plain) is var whole and not NameKind.Other) return whole;
        for (var word = starts.Length - 1; word >= 0 && word >= starts.Length - WordsMax; word--)
            if (OfEnding(plain[starts[word]..]) is var kind and not NameKind.Other) return kind;
        return NameKind.Other;
    }

    private static NameKind OfEnding(ReadOnlySpan<char> ending)
    {
        if (Has(Passwords, ending)) return NameKind.Password;
        if (Has(Cards, ending)) return NameKind.Card;
        if (Has(Endings, ending)) return NameKind.Personal;
        // Of several: emails, phones.
        return ending is [.., 's'] && Has(Endings, ending[..^1]) ? NameKind.Personal : NameKind.Other;
    }

    private static NameKind OfChinese(string name)
    {
        var plain = name.AsSpan().TrimEnd("0123456789一二三 _-");
        if (Has(AtTheTop, plain)) return NameKind.PersonalAtTop;
        for (var letters = Math.Min(ChineseEndingMax, plain.Length); letters > 1; letters--)
        {
            var ending = plain[^letters..];
            if (Has(ChinesePasswords, ending)) return NameKind.Password;
            if (Has(ChineseCards, ending)) return NameKind.Card;
            if (Has(ChineseEndings, ending)) return NameKind.Personal;
        }
        return NameKind.Other;
    }

    /// <summary>The name's letters and digits alone, in lower case, and where in them its words begin.</summary>
    private static (int Length, int Words) Split(string name, Span<char> plain, Span<int> starts)
    {
        var (length, words, gap, previousIsLower) = (0, 0, true, false);
        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter))
            {
                (gap, previousIsLower) = (true, false);
                continue;
            }
            if (gap || (previousIsLower && char.IsUpper(letter))) starts[words++] = length;
            (gap, previousIsLower) = (false, char.IsLower(letter));
            plain[length++] = char.ToLowerInvariant(letter);
        }
        return (length, words);
    }

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
