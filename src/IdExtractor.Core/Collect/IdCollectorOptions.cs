namespace IdExtractor.Core.Collect;

/// <summary>What a collector may take.</summary>
public sealed record IdCollectorOptions
{
    /// <summary>Fewest bytes for each shard: with less, nearly every ID would go to disk by itself.</summary>
    public const long MinBytesPerShard = 64 << 10;

    /// <summary>Bytes of memory for IDs, tables, sorting and spill buffers together; at least <see cref="MinBytesPerShard"/> for each shard.</summary>
    public required long MemoryBudget { get; init; }

    /// <summary>Threads that collect, 1 to 1024.</summary>
    public required int Shards { get; init; }

    /// <summary>Where a private folder for spill files is made when it is needed.</summary>
    public string TempRoot { get; init; } = Path.GetTempPath();
}
