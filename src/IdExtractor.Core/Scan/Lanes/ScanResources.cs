using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>What all lanes of a scan share; each part is thread safe.</summary>
/// <param name="Pruner">Rules out row groups and pages; null to read all.</param>
/// <param name="Splitter">Cuts row groups between pages; null to take them whole.</param>
/// <param name="Offers">Ids that lanes leave to each other; null when a lane draws its own.</param>
/// <param name="Readers">Opens files.</param>
/// <param name="Progress">Counts.</param>
/// <param name="Memory">For pages and dictionaries.</param>
internal sealed record ScanResources(RowGroupPruner? Pruner, RowGroupSplitter? Splitter, IdsOffers? Offers, ChunkReaders Readers, RunProgress Progress, MemoryBudget Memory);
