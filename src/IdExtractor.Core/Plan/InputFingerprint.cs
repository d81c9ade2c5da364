using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Plan;

/// <summary>
/// A digest of all that shapes the output of a run: the partition, every object that is read with
/// its size and version, and the settings that decide which IDs are published and how they are
/// written. Two runs with equal fingerprints publish the same bytes, so <c>--skip-if-current</c>
/// may stop (specification, section 6).
/// </summary>
public static class InputFingerprint
{
    /// <summary>
    /// Grows when the same input gives other ids: since 2, punctuation counts only where a CPF or
    /// CNPJ has it, and CSV parts are read as CSV.
    /// </summary>
    private const string Version = "2";

    /// <summary>What is read of one table.</summary>
    /// <param name="SourcePartition">The partition; empty for a list of CPFs.</param>
    /// <param name="Objects">Full names and versions of the objects, in any order.</param>
    public sealed record Table(string SourcePartition, IReadOnlyList<NamedObject> Objects)
    {
        /// <summary>A planned table. Files without rows do not matter.</summary>
        public static Table Of(TablePlan plan)
        {
            ArgumentNullException.ThrowIfNull(plan);
            return new Table(plan.SourcePartition, [.. plan.Files.Select(file => new NamedObject(file.Name, file.Object))]);
        }

        /// <summary>A list of CPFs.</summary>
        public static Table Of(string name, ObjectInfo list) => new("", [new NamedObject(name, list)]);
    }

    /// <summary>An object that is read.</summary>
    /// <param name="Name">Its full name.</param>
    /// <param name="Object">Its size and version.</param>
    public sealed record NamedObject(string Name, ObjectInfo Object);

    /// <summary>The SHA-256 of it all, in lower-case hex.</summary>
    public static string Compute(ExtractionSettings settings, Table a, Table b)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(
            hash, Version, settings.KeyColumnA, settings.KeyColumnB, settings.IdColumn, settings.Match.ToString(),
            Number(settings.KeyWidth));
        Add(
            hash, settings.OnBadCpf.ToString(), settings.OnNullId.ToString(), settings.Layout.TrailingNewline.ToString(),
            Number(settings.Layout.GzipLevel));
        Add(hash, a);
        Add(hash, b);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The same for ids that another engine wrote.</summary>
    public static string Compute(PublishSettings settings, IdParts parts)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(parts);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(
            hash, Version, "publish", settings.IdColumn, settings.OnNullId.ToString(), settings.Layout.TrailingNewline.ToString(),
            Number(settings.Layout.GzipLevel));
        Add(hash, new Table(settings.Partition?.ToString() ?? "",
            [
                .. parts.Texts.Select(part => new NamedObject(part.Name, part.Object)),
                .. parts.Tables.Select(file => new NamedObject(file.Name, file.Object))]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, Table table)
    {
        Add(hash, table.SourcePartition, Number(table.Objects.Count));
        foreach (var item in table.Objects.OrderBy(item => item.Name, StringComparer.Ordinal))
            Add(hash, item.Name, Number(item.Object.Size), item.Object.Stamp.Value);
    }

    /// <summary>
    /// Each text with its length before it, so that no two lists of texts give the same bytes.
    /// </summary>
    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
