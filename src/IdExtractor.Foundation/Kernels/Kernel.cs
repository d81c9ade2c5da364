namespace IdExtractor.Foundation.Kernels;

/// <summary>
/// One inner loop with its variants. All of them give the same results; tests compare each with the
/// reference implementation, which is the last.
/// </summary>
/// <param name="Name">Its name in the environment variable.</param>
/// <param name="Variants">The fastest first; the last runs everywhere.</param>
/// <param name="OverRead">
/// Bytes past the end of each input that a variant may read; their content does not matter.
/// </param>
internal sealed record Kernel(string Name, IReadOnlyList<KernelVariant> Variants, int OverRead = 0)
{
    /// <summary>
    /// Forces variants: <c>IDEXTRACTOR_KERNEL=snappy:scalar,unpack:scalar</c>, or
    /// <c>all:scalar</c>.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_KERNEL";

    /// <summary>The name of every kernel's reference implementation.</summary>
    public const string Scalar = "scalar";

    /// <summary>The variant that runs in this process.</summary>
    public string Chosen { get; init; } = Variants.First(variant => variant.IsSupported).Name;

    /// <summary>
    /// A fast variant and its reference implementation. The environment may force either.
    /// </summary>
    /// <param name="name">As <see cref="Name"/>.</param>
    /// <param name="fast">The fast variant's name.</param>
    /// <param name="isSupported">Whether this machine has what the fast variant needs.</param>
    /// <param name="overRead">As <see cref="OverRead"/>.</param>
    public static Kernel Of(string name, string fast, bool isSupported = true, int overRead = 0) =>
        Of(name, [new KernelVariant(fast, isSupported)], overRead);

    /// <summary>
    /// Fast variants and their reference implementation. The environment may force any of them.
    /// </summary>
    /// <param name="name">As <see cref="Name"/>.</param>
    /// <param name="fast">The fast variants, the fastest first.</param>
    /// <param name="overRead">As <see cref="OverRead"/>.</param>
    public static Kernel Of(string name, IReadOnlyList<KernelVariant> fast, int overRead = 0) =>
        new Kernel(name, [.. fast, new KernelVariant(Scalar)], overRead).With(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether a variant is the one that runs.</summary>
    public bool Uses(string variant) => Chosen == variant;

    /// <summary>
    /// The same kernel with the variant that <paramref name="choices"/> selects for it; unchanged
    /// when it selects none that this machine supports.
    /// </summary>
    /// <param name="choices">
    /// For example <c>snappy:scalar,walk:scalar</c>; <c>all:scalar</c> applies to every kernel.
    /// </param>
    public Kernel With(string? choices)
    {
        var kernel = this;
        foreach (var choice in (choices ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, wanted) = choice.Split(':', 2) is [var before, var after] ? (before, after) : ("", "");
            if ((name == Name || name == "all") && Variants.Any(variant => variant.Name == wanted && variant.IsSupported))
                kernel = kernel with { Chosen = wanted };
        }

        return kernel;
    }
}

/// <summary>One way to run a kernel.</summary>
/// <param name="Name">Its name in the environment variable.</param>
/// <param name="IsSupported">Whether this machine has what it needs.</param>
internal sealed record KernelVariant(string Name, bool IsSupported = true);
