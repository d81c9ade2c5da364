namespace IdExtractor.Cli.Options;

/// <summary>Headings of the help, in its order.</summary>
internal enum OptionGroup
{
    Input,
    Matching,
    Output,
    Guards,
    Resources,
    Telling,
    Aws,
}

/// <summary>Commands, as a set: who takes an option.</summary>
[Flags]
internal enum CommandSet
{
    None = 0,
    Extract = 1,
    Plan = 2,
    Verify = 4,
    Promote = 8,
    Publish = 16,
    History = 32,
    Prune = 64,
    Writing = Extract | Promote | Publish,
    Every = Extract | Plan | Verify | Promote | Publish | History | Prune,
}
