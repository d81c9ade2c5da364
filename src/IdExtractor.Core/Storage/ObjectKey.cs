using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage;

/// <summary>
/// Which keys may be used below a root. A key that could leave the root, or mean two things on two
/// systems, is refused before any file is touched.
/// </summary>
public static class ObjectKey
{
    /// <summary>Most characters of a key (the limit of S3).</summary>
    public const int MaxLength = 1024;

    /// <summary>Why a key cannot be used, as a phrase; null when it can.</summary>
    public static string? Problem(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0)
            return "it is empty";
        if (key.Length > MaxLength)
            return $"it has more than {MaxLength} characters";
        if (HoldsControlCharacter(key))
            return "it holds a control character";
        if (key[0] == '/')
            return "it is absolute";
        if (OperatingSystem.IsWindows() && key.AsSpan().ContainsAny('\\', ':'))
            return "it holds a backslash or a colon";
        foreach (var part in key.Split('/'))
        {
            if (part.Length == 0)
                return "one of its parts is empty";
            if (part is "." or "..")
                return "it holds a '.' or '..' part";
        }

        return null;
    }

    /// <summary>Refuses a key that cannot be used.</summary>
    /// <exception cref="ConfigurationException">The key is empty, too long, absolute, or has an
    /// empty, <c>.</c> or <c>..</c> part or a control character.</exception>
    public static void Require(string key)
    {
        if (Problem(key) is { } problem)
            throw Refused(key, problem);
    }

    /// <summary>
    /// Refuses a prefix that is neither empty nor a usable key followed by <c>/</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// As for keys, or it does not end with <c>/</c>.
    /// </exception>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length == 0)
            return;
        var problem = prefix[^1] == '/' ? Problem(prefix[..^1]) : "a prefix ends with '/'";
        if (problem is not null)
            throw Refused(prefix, problem);
    }

    private static ConfigurationException Refused(string key, string problem) =>
        new($"A key cannot be used: {problem}", ErrorPlace.Of(Printable(key)), "use a relative key such as folder/name");

    private static string Printable(string key)
    {
        var shown = key.Length > MaxLength ? key[..MaxLength] : key;
        return string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character));
    }

    private static bool HoldsControlCharacter(string key)
    {
        foreach (var character in key)
        {
            if (character is < ' ' or '\u007F')
                return true;
        }

        return false;
    }
}
