using IdExtractor.Aws.Errors;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Requests;

/// <summary>
/// Sends requests, and is the only place that retries them. The SDK is configured for a single
/// attempt, and no retrying store wraps this one, so that retries do not multiply. Temporary
/// failures are retried after a growing, jittered wait while attempts and the run's budget last.
/// Throttling also lowers the number of concurrent requests. A request that may have been carried
/// out and is not idempotent is not simply retried: its caller checks first.
/// </summary>
/// <param name="tuning">Timeouts and limits.</param>
/// <param name="progress">
/// Counts the retries. Requests are counted where they leave the process.
/// </param>
/// <param name="clock">Measures waits.</param>
/// <param name="random">Source of the jitter; the shared one when null.</param>
/// <param name="observer">Takes a note of each retry.</param>
public sealed class RequestRunner(
    RequestTuning tuning, RunProgress progress, TimeProvider clock, Random? random = null, IRunObserver? observer = null)
{
    /// <summary>
    /// An endpoint that has never answered probably does not exist: it is tried only this often.
    /// </summary>
    private const int TriesOfUnknownEndpoint = 3;

    private readonly AdaptiveLimit _limit = new(tuning.Connections);
    private readonly Lock _gate = new();
    private readonly Random _random = random ?? Random.Shared;
    private int _spent;
    private volatile bool _hasAnswered;

    /// <summary>Times and numbers.</summary>
    public RequestTuning Tuning => tuning;

    /// <summary>The current limit of requests in flight.</summary>
    internal int Allowed => _limit.Allowed;

    /// <summary>Sends a request until there is an answer.</summary>
    /// <param name="request">For messages.</param>
    /// <param name="plan">How it is sent, and what is done about failures.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">The service refuses it, and would refuse a
    /// repeat.</exception>
    /// <exception cref="TransientException">Tries or budget ran out.</exception>
    internal async Task<T> RunAsync<T>(RequestName request, RequestPlan<T> plan, CancellationToken cancellationToken)
    {
        var recovered = FailureKindSet.None;
        var isOpen = false;
        for (var attempt = 1; ; attempt++)
        {
            var (result, error) = await TryAsync(plan, cancellationToken).ConfigureAwait(false);
            if (error is null)
                return result!;

            // From the first lost reply on, every failure may be the echo of a success: a condition
            // that no longer holds, an upload that is gone.
            isOpen |= error.MayHaveHappened;
            if (isOpen
                && plan.Settle is { } settle
                && await LookAsync(settle, error, request, plan.IsRefreshable, cancellationToken).ConfigureAwait(false) is { } settled)
                return settled;
            if (plan.Answer?.Invoke(error) is { } answer)
                throw answer;
            if (plan.HasProgressed?.Invoke(error) == true)
                attempt = 1;
            if (error.IsPassing)
            {
                if (attempt >= MostAttempts(error) || !TakeFromBudget())
                    throw AwsErrors.Translate(error, request, _hasAnswered, plan.IsRefreshable);
                var wait = tuning.Retry.DelayBefore(attempt, NextChance());
                observer?.Note("request.retried", new RunField("operation", request.Operation), new RunField("resource", request.Resource),
                    new RunField("reason", error.Said), new RunField("attempt", attempt),
                    new RunField("wait_seconds", Math.Round(wait.TotalSeconds, 3)));
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
            else if (recovered.Has(error.Kind) || plan.Recover?.Invoke(error) != true || !TakeFromBudget())
            {
                throw AwsErrors.Translate(error, request, _hasAnswered, plan.IsRefreshable);
            }
            else
            {
                recovered = recovered.With(error.Kind);
            }
        }
    }

    private int MostAttempts(AwsFailure failure) => Math.Min(tuning.Retry.MaxAttempts, failure switch
    {
        { Kind: FailureKind.Unreachable } when !_hasAnswered => TriesOfUnknownEndpoint,
        { IsSlow: true } => tuning.SlowTries,
        _ => int.MaxValue,
    });

    // When the check finds nothing out, the original failure is the one to report.
    private async Task<T?> LookAsync<T>(
        Func<CancellationToken, Task<T?>> settle, AwsFailure failure, RequestName request, bool isRefreshable,
        CancellationToken cancellationToken)
    {
        try
        {
            return await settle(cancellationToken).ConfigureAwait(false);
        }
        catch (TransientException)
        {
            throw AwsErrors.Translate(failure, request, _hasAnswered, isRefreshable);
        }
    }

    private async Task<(T? Result, AwsFailure? Error)> TryAsync<T>(RequestPlan<T> plan, CancellationToken cancellationToken)
    {
        await _limit.EnterAsync(cancellationToken).ConfigureAwait(false);
        var wasThrottled = false;
        try
        {
            using var attempt = new Attempt(tuning.ReplyTimeoutFor(plan.BodyBytes), clock, cancellationToken);
            var result = await plan.Send(attempt).ConfigureAwait(false);
            _hasAnswered = true;
            return (result, null);
        }
        catch (Exception error) when (
            !cancellationToken.IsCancellationRequested && error is not IdExtractorException && AwsFailure.Read(error) is { } failure)
        {
            wasThrottled = failure.Kind == FailureKind.Throttled;
            _hasAnswered |= failure.Status != 0;
            return (default, failure);
        }
        catch (Exception error) when (
            cancellationToken.IsCancellationRequested && error is not (OperationCanceledException or IdExtractorException))
        {
            throw new OperationCanceledException("The request was cancelled.", error, cancellationToken);
        }
        finally
        {
            _limit.Leave(wasThrottled);
        }
    }

    /// <summary>Counts a request that its caller sends again in another form.</summary>
    internal void CountRepeat() => TakeFromBudget();

    private bool TakeFromBudget()
    {
        lock (_gate)
        {
            if (_spent >= tuning.Retry.Budget)
                return false;
            _spent++;
        }

        progress.AddRequests(0, 1);
        return true;
    }

    private double NextChance()
    {
        lock (_gate)
            return _random.NextDouble();
    }

    /// <summary>
    /// Kinds that have been recovered from once; a second time they are the answer.
    /// </summary>
    private readonly record struct FailureKindSet(int Bits)
    {
        public static FailureKindSet None => default;

        public bool Has(FailureKind kind) => (Bits & (1 << (int)kind)) != 0;

        public FailureKindSet With(FailureKind kind) => new(Bits | (1 << (int)kind));
    }
}

/// <summary>How a request is sent, and what is done about failures.</summary>
internal sealed record RequestPlan<T>
{
    /// <summary>Sends it once.</summary>
    public required Func<Attempt, Task<T>> Send { get; init; }

    /// <summary>Bytes that it carries or moves, which give it more time.</summary>
    public long BodyBytes { get; init; }

    /// <summary>
    /// A failure that is an answer to the caller, as an exception; null for those that are not.
    /// </summary>
    public Func<AwsFailure, Exception?>? Answer { get; init; }

    /// <summary>
    /// Looks whether a request whose reply was lost has been carried out: its result if so, else
    /// the default.
    /// </summary>
    public Func<CancellationToken, Task<T?>>? Settle { get; init; }

    /// <summary>
    /// Fixes the cause of a failure (another region, expired credentials, a wrong clock); true when
    /// another attempt is worthwhile.
    /// </summary>
    public Func<AwsFailure, bool>? Recover { get; init; }

    /// <summary>
    /// True when the last attempt got further than the one before, so that attempts are counted
    /// from zero again.
    /// </summary>
    public Func<AwsFailure, bool>? HasProgressed { get; init; }

    /// <summary>The credentials come from a provider that renews them.</summary>
    public bool IsRefreshable { get; init; }
}
