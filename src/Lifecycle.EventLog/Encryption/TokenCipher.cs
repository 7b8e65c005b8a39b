using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.EventLog.Encryption;

/// <summary>Text for a tenant's clients that they hand back and can neither read nor make: AES-256-GCM in base64url.</summary>
/// <remarks>The key comes from the tenant's secret and from what the text is for. So every server of the installation opens it, also after a restart,
/// and nobody opens it for another tenant or in another place.</remarks>
public static class TokenCipher
{
    private const int KeySize = 32, NonceSize = 12, TagSize = 16;

    /// <param name="purpose">What the text is for; text closed for one purpose opens for no other.</param>
    public static string Encrypt(Tenant tenant, string purpose, ReadOnlySpan<byte> plain)
    {
        var bytes = new byte[NonceSize + plain.Length + TagSize];
        var nonce = bytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(KeyOf(tenant, purpose), TagSize);
        cipher.Encrypt(nonce, plain, bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(NonceSize + plain.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What was closed for this tenant and purpose; null for any other text.</summary>
    public static byte[]? Decrypt(Tenant tenant, string purpose, string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length < NonceSize + TagSize) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(KeyOf(tenant, purpose), TagSize);
            cipher.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(NonceSize + plain.Length), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(Tenant tenant, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, tenant.Secret, KeySize, info: Encoding.UTF8.GetBytes(purpose));
}
