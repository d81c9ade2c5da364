namespace IdExtractor.Core.Job;

/// <summary>The active file that a run's file is compared with before it replaces it.</summary>
/// <param name="SourcePartition">The partition that it was made from.</param>
/// <param name="TotalIds">Its distinct IDs.</param>
/// <param name="CreatedAt">When it was staged, UTC.</param>
public sealed record PreviousFile(string SourcePartition, long TotalIds, DateTimeOffset CreatedAt);
