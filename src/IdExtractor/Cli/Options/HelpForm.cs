namespace IdExtractor.Cli.Options;

/// <summary>The help that was asked for.</summary>
internal enum HelpForm
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>-h</c>: each option in a few words.</summary>
    Short,

    /// <summary><c>--help</c>: everything.</summary>
    Long,
}
