using Lifecycle.Domain.Personal;
using Xunit;

namespace Lifecycle.Domain.Tests;

public sealed class PersonalNamesTests
{
    [Theory]
    [InlineData("email", "contact_email", "contactEmail", "Contact E-Mail", "billing_email_address", "emails", "email2", "EMAIL", "buyerEmail")]
    [InlineData("phone", "contact_phone", "buyerPhone", "phone_number", "phoneNumbers", "mobile_1", "homeTelephone", "tel", "alternate_mobile_no")]
    [InlineData("wechat", "weChat", "wechat_id", "openid", "openId", "wx_openid", "user_open_id", "unionid", "qq", "QQ")]
    [InlineData("realName", "real_name", "fullname", "first_name", "lastName", "contact_name", "receiverName", "consignee", "customer_name")]
    [InlineData("address", "ipAddress", "client_ip", "last_login_ip", "shipping_address", "address_line_2", "postal_code", "zip")]
    [InlineData("id_card", "idCardNo", "id_number", "passport_number", "ssn", "tax_id", "date_of_birth", "birthday", "dob")]
    [InlineData("姓名", "真实姓名", "手机号", "客户手机号", "联系电话", "邮箱", "电子邮箱", "微信号", "身份证号", "收货地址", "收货人", "手机号2", "出生日期", "手機號碼")]
    [InlineData("xingming", "shoujihao", "youxiang", "shenfenzhenghao", "dizhi")]
    public void What_only_a_person_has_is_known_by_its_name(params string[] names) =>
        Assert.All(names, name => Assert.Equal((name, NameKind.Personal), (name, PersonalNames.Of(name))));

    [Theory]
    [InlineData("revenue", "sku", "order_id", "plan", "country", "template_name", "product_name", "file_name", "brandName", "page_title")]
    [InlineData("email_count", "emails_opened", "email_opened", "phone_model", "phoneBrand", "mobile_os", "ip_count", "wechat_share_count", "addressed")]
    [InlineData("tip", "trip", "vip", "isVIP", "membership", "zipline", "hotel", "intel", "identity", "password_strength", "passwordReset", "card_type", "cardinal")]
    [InlineData("手机型号", "手机品牌", "邮箱数量", "地址数", "商品名", "等级", "金额", "服务器")]
    [InlineData("", "_", "1", "2024", "🎮", "x")]
    public void What_other_things_have_too_is_not(params string[] names) =>
        Assert.All(names, name => Assert.Equal((name, NameKind.Other), (name, PersonalNames.Of(name))));

    [Theory]
    [InlineData("name", NameKind.PersonalAtTop)]
    [InlineData("nickName", NameKind.PersonalAtTop)]
    [InlineData("昵称", NameKind.PersonalAtTop)]
    [InlineData("card_number", NameKind.Card)]
    [InlineData("creditCardNumber", NameKind.Card)]
    [InlineData("银行卡号", NameKind.Card)]
    [InlineData("会员卡号", NameKind.Card)]
    [InlineData("password", NameKind.Password)]
    [InlineData("newPassword", NameKind.Password)]
    [InlineData("password_confirmation", NameKind.Password)]
    [InlineData("user_pwd", NameKind.Password)]
    [InlineData("cvv", NameKind.Password)]
    [InlineData("登录密码", NameKind.Password)]
    public void Names_of_people_cards_and_passwords_are_told_apart(string name, NameKind kind) => Assert.Equal(kind, PersonalNames.Of(name));

    [Theory]
    [InlineData("ann@example.com", "Ann Lee <ann.lee+x@mail.example.co.uk>", "mail me at a@b.cn, please", "mailto:ann@example.com", "https://x.test/?to=a@b.com")]
    [InlineData("13800138000", "138-0013-8000", "+86 138 0013 8000", "8613800138000", "008613800138000", "010-12345678", "0755-12345678")]
    [InlineData("+1 (415) 555-0100", "+14155550100", "(415) 555-0100", "415-555-0100", "+49 30 901820")]
    [InlineData("11010519491231002X")]
    public void A_text_is_known_by_its_form(params string[] texts) => Assert.All(texts, text =>
        Assert.Equal((text, TextShape.Personal), (text, PersonalShapes.Of(text))));

    [Theory]
    [InlineData("4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "6011111111111117", "3530111333300000", "30569309025904")]
    [InlineData("2223003122003222", "6212345678900000003")]
    public void A_card_has_an_issuers_prefix_and_length_and_a_right_check_digit(params string[] texts) =>
        Assert.All(texts, text => Assert.Equal((text, TextShape.Card), (text, PersonalShapes.Of(text))));

    /// <summary>What shops and games really send.</summary>
    [Theory]
    [InlineData("4111111111111112", "5555555555554445", "1234567890123456", "9999999999999995", "0000000000000000", "2024110512345678", "20241105123456")]
    [InlineData("SKU-123456", "A-4111111111111111", "10086", "12345678", "1234567890", "19800138", "6901234567892", "9787111213826", "4006381333931")]
    [InlineData("2026-12-01", "2026-12-01 10:00:00", "2026-12-01T10:00:00Z", "1733011200", "1733011200000", "3.14159265", "+12.50", "-12345678", "1.2.3.4", "192.168.10.25")]
    [InlineData("4012888888881881000", "41111111111111111111111", "550e8400-e29b-41d4-a716-446655440000", "00000000-0000-0000-0000-000000000000")]
    [InlineData("logo@2x.png", "@ann", "npm:@scope/name", "a@b", "user@localhost", "@", "5 @ 10.00 each", "", "abc")]
    [InlineData("123456789012345678", "110105194912310021", "990105194912310020", "440524188001010014")]
    public void Numbers_of_orders_articles_and_times_are_not_taken_for_more(params string[] texts) =>
        Assert.All(texts, text => Assert.Equal((text, TextShape.Other), (text, PersonalShapes.Of(text))));

    [Fact]
    public void A_value_named_a_card_number_is_one_by_prefix_and_length_alone()
    {
        Assert.True(PersonalShapes.IsCardNumber("4111 1111 1111 1112"));
        Assert.True(PersonalShapes.IsCardNumber("6222021234567890123"));
        Assert.False(PersonalShapes.IsCardNumber("M-123456"));
        Assert.False(PersonalShapes.IsCardNumber("1234567890123"));
        Assert.False(PersonalShapes.IsCardNumber("4111 **** **** 1111"));
        Assert.False(PersonalShapes.IsCardNumber(""));
    }
}
