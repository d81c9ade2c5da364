using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Job;

/// <summary>Where the keys come from: a table, or a list of CPFs.</summary>
/// <param name="Table">The table; null when it is a list.</param>
/// <param name="List">The list; null when it is a table.</param>
internal sealed record PlannedKeys(TablePlan? Table, PlannedList? List);

/// <summary>A pinned list of CPFs.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Object">Key, size and stamp.</param>
/// <param name="Name">As it appears in messages.</param>
internal sealed record PlannedList(IObjectStore Store, ObjectInfo Object, string Name);

/// <summary>What one run reads.</summary>
/// <param name="A">Where the keys come from.</param>
/// <param name="B">Where the documents and ids are.</param>
/// <param name="Fingerprint">The same for the same input and the same settings that shape the
/// output.</param>
/// <param name="PartitionsOfA">The partitions that A was chosen from; null for a list.</param>
/// <param name="PartitionsOfB">The partitions that B was chosen from.</param>
internal sealed record PlannedInput(
    PlannedKeys A, TablePlan B, string Fingerprint, PartitionSelection? PartitionsOfA, PartitionSelection PartitionsOfB);
