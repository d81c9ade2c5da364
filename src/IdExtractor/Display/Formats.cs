namespace IdExtractor.Display;

/// <summary>How logs and results are written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One object a line.</summary>
    Json,
}

/// <summary>When text for people is coloured.</summary>
internal enum ColorMode
{
    /// <summary>On a terminal, unless NO_COLOR is set.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>How grave a log line is.</summary>
internal enum LogLevel
{
    Error,
    Warn,
    Info,
    Debug,
}

/// <summary>How metrics are written.</summary>
internal enum MetricsFormat
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>CloudWatch's embedded metric format.</summary>
    Emf,
}
