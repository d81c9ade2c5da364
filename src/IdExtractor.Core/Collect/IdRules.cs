using System.Text.Unicode;

namespace IdExtractor.Core.Collect;

/// <summary>The problem with an id.</summary>
public enum IdProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It has no bytes; the null-id policy decides.</summary>
    Empty,

    /// <summary>It holds CR or LF, so it would be two lines of the output.</summary>
    LineBreak,

    /// <summary>It is not UTF-8, which the output is.</summary>
    NotUtf8,
}

/// <summary>
/// The rules for an id of a matched row (specification, section 5, decision 12). Other control
/// characters, blanks and Unicode line separators are allowed.
/// </summary>
public static class IdRules
{
    /// <summary>Returns the first problem found in an id.</summary>
    public static IdProblem Check(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return IdProblem.Empty;
        if (id.ContainsAny((byte)'\r', (byte)'\n'))
            return IdProblem.LineBreak;
        return Utf8.IsValid(id) ? IdProblem.None : IdProblem.NotUtf8;
    }
}
