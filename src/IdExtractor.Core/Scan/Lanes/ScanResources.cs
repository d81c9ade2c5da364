using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>The resources that all lanes of a scan share; each is thread safe.</summary>
/// <param name="Pruner">Rules out row groups and pages; null to read all.</param>
/// <param name="Splitter">Cuts row groups between pages; null to keep them whole.</param>
/// <param name="Offers">Ids that lanes offer each other; null when each lane reads its own.</param>
/// <param name="Readers">Opens files.</param>
/// <param name="Progress">Receives the counts.</param>
/// <param name="Memory">The budget for pages and dictionaries.</param>
internal sealed record ScanResources(
    RowGroupPruner? Pruner, RowGroupSplitter? Splitter, IdsOffers? Offers, ChunkReaders Readers, RunProgress Progress, MemoryBudget Memory);
