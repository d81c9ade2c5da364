namespace IdExtractor.Core.Collect;

/// <summary>The resources a collector may use.</summary>
public sealed record IdCollectorOptions
{
    /// <summary>
    /// Minimum number of bytes per shard: with less, nearly every id would go to disk by itself.
    /// </summary>
    public const long MinBytesPerShard = 64 << 10;

    /// <summary>
    /// Bytes of memory for ids, tables, sorting and spill buffers together; at least
    /// <see cref="MinBytesPerShard"/> per shard.
    /// </summary>
    public required long MemoryBudget { get; init; }

    /// <summary>Threads that collect, 1 to 1024.</summary>
    public required int Shards { get; init; }

    /// <summary>Where the private folder for spill files is created when it is needed.</summary>
    public string TempRoot { get; init; } = Path.GetTempPath();
}
