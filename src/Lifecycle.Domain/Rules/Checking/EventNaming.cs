using System.Text;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>How events are named once they are in: snake_case, split at signs and where a capital follows a small letter, other scripts
/// kept.</summary>
internal static class EventNaming
{
    public static string ToSnakeCase(string name)
    {
        var result = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]))
            {
                if (result.Length > 0 && result[^1] != '_') result.Append('_');
                continue;
            }
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1])) result.Append('_');
            result.Append(char.ToLowerInvariant(name[i]));
        }
        return result.ToString().Trim('_');
    }
}
