using System.Text.Unicode;

namespace IdExtractor.Core.Collect;

/// <summary>What is wrong with an ID.</summary>
public enum IdProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It has no bytes; the null-ID policy decides.</summary>
    Empty,

    /// <summary>It holds CR or LF, so it would be two lines of the output.</summary>
    LineBreak,

    /// <summary>It is not UTF-8, which the output is.</summary>
    NotUtf8,
}

/// <summary>What an ID of a matched row must be (spec section 5, decision 12). Other control characters, blanks and Unicode line separators are fine.</summary>
public static class IdRules
{
    /// <summary>The first problem of an ID.</summary>
    public static IdProblem Check(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return IdProblem.Empty;
        if (id.ContainsAny((byte)'\r', (byte)'\n'))
            return IdProblem.LineBreak;
        return Utf8.IsValid(id) ? IdProblem.None : IdProblem.NotUtf8;
    }
}
