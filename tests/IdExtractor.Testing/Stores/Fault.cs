using IdExtractor.Foundation.Errors;

namespace IdExtractor.Testing.Stores;

/// <summary>What goes wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>It fails before it has done anything.</summary>
    Error,

    /// <summary>It takes place, but its reply is lost.</summary>
    LostReply,

    /// <summary>
    /// A read or an append does the first half and fails. Other calls fail at once.
    /// </summary>
    Cut,

    /// <summary>
    /// A read or an append does the first half only and reports success. Other calls fail at once.
    /// </summary>
    SilentCut,

    /// <summary>
    /// There is no space left: an append writes its first half and fails, other calls fail at once.
    /// </summary>
    DiskFull,

    /// <summary>It begins late.</summary>
    Delay,

    /// <summary>
    /// Something else happens first (<see cref="Fault.Action"/>), then it takes place.
    /// </summary>
    Action,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Call">At which call, from 1.</param>
/// <param name="Kind">What.</param>
/// <param name="Operation">Only calls of this operation count; null for all.</param>
public sealed record Fault(int Call, FaultKind Kind, StoreOperation? Operation = null)
{
    /// <summary>How late, for <see cref="FaultKind.Delay"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What happens first, for <see cref="FaultKind.Action"/>.</summary>
    public Func<StoreCall, ValueTask>? Action { get; init; }

    /// <summary>
    /// The error of the kinds that fail; a <see cref="TransientException"/> when null.
    /// </summary>
    public Func<StoreCall, Exception>? Error { get; init; }
}
