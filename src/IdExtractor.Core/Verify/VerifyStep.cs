using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Verify;

/// <summary>
/// Step eight: reads a stage or active file back from its store and checks it against its metadata
/// (specification, section 6): exactly one gzip member, CRC, length, no empty line, line count,
/// MD5, and SHA-256 of the compressed bytes where the metadata state it. Memory is bounded,
/// whatever the file holds.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="threads">
/// With 2 or more, inflated bytes are hashed while the next ones are inflated.
/// </param>
internal sealed class VerifyStep(IObjectStore output, int threads = 1)
{
    private const int BlockBytes = 1 << 20, RemoteBlockBytes = 1 << 23;
    private const int Attempts = 5;
    private const string Advice = "stage the file again";

    /// <summary>
    /// Verifies a file that this run has staged, also against what the run meant to write.
    /// </summary>
    /// <param name="staged">As the stage step returned it.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="VerificationException">The file is gone, or differs from what was staged or
    /// from its metadata.</exception>
    /// <exception cref="TransientException">
    /// The store fails temporarily, or the file was replaced while it was read.
    /// </exception>
    public async Task<VerifiedFile> RunAsync(StagedFile staged, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(staged);
        var key = staged.Object.Key;
        var name = output.Describe(key);
        var found = await output.HeadAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw Differs("The staged file is gone", name, "the file", "no object");
        RequireMetadata(found, name);
        Require(found.Size == staged.Object.Size, "The staged file has another size", name, $"{staged.Object.Size} bytes", $"{found.Size}");
        var different = PublishMetadata.NamesThatDiffer(staged.Metadata.ToMap(), found.Metadata);
        Require(
            different.Count == 0, "The metadata differ from what was written", name, "the same metadata",
            $"other values of {string.Join(", ", different)}");
        return await CheckAsync(found, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Verifies any stage or active file, including one that another program has written.
    /// </summary>
    /// <param name="key">Key below the output root.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ConfigurationException">There is no such file, or it may not be
    /// read.</exception>
    /// <exception cref="VerificationException">
    /// It differs from its metadata, or they are missing.
    /// </exception>
    /// <exception cref="TransientException">
    /// The store fails temporarily, or the file kept being replaced while it was read.
    /// </exception>
    public async Task<VerifiedFile> RunAsync(string key, CancellationToken cancellationToken = default)
    {
        var name = output.Describe(key);
        for (var attempt = 1; ; attempt++)
        {
            var found = await output.HeadAsync(key, cancellationToken).ConfigureAwait(false)
                ?? throw new ConfigurationException("There is no such file", ErrorPlace.Of(name), "check the key");
            try
            {
                return await CheckAsync(found, name, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectChangedException) when (attempt < Attempts)
            {
                // The active file may be replaced at any moment; the next version is as good to
                // verify.
            }
        }
    }

    /// <summary>What is checked of a file with these metadata, in a few words each.</summary>
    public static IReadOnlyList<string> ChecksOf(PublishMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        List<string> checks = ["metadata", "one gzip member", "CRC-32", "length", "no empty line", "no carriage return", "number of lines"];
        if (metadata.TrailingNewline is not null)
            checks.Add("end of the text");
        checks.Add("MD5");
        if (metadata.GzSha256 is not null)
            checks.Add("SHA-256");
        return checks;
    }

    private async Task<VerifiedFile> CheckAsync(ObjectInfo found, string name, CancellationToken cancellationToken)
    {
        Require(found.Size > 0, "The file is empty", name, "one gzip member", "0 bytes");
        RequireMetadata(found, name);
        var metadata = PublishMetadata.Parse(found.Metadata, name);
        var reader = await output.OpenAsync(found, cancellationToken).ConfigureAwait(false);
        var bytes = new ObjectBytes(
            reader, (int)Math.Min(output.ReadCost is null ? BlockBytes : RemoteBlockBytes, found.Size), cancellationToken);
        await using (bytes.ConfigureAwait(false))
        {
            using var text = new TextTally();
            VerificationException? damage = null;
            try
            {
                await new GzipMember(bytes, name, threads).ReadAsync(text, cancellationToken).ConfigureAwait(false);
                Compare(text, metadata, name);
            }
            catch (VerificationException error) when (metadata.GzSha256 is not null)
            {
                // Where the hash differs too, that is the first thing to know: the file is not the
                // one that was staged, whatever is wrong with what it holds.
                damage = error;
                await bytes.SkipAsync().ConfigureAwait(false);
            }

            var sha256 = bytes.Sha256();
            if (metadata.GzSha256 is { } expected && expected != sha256)
            {
                throw Differs(
                    damage is null
                        ? "The SHA-256 of the file is not the one in its metadata"
                        : $"The SHA-256 of the file is not the one in its metadata ({Lowered(damage.Message)})",
                    name, expected, sha256);
            }

            return damage is null ? new VerifiedFile(found, metadata, text.Bytes, sha256) : throw damage;
        }
    }

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static void RequireMetadata(ObjectInfo found, string name)
    {
        if (found.MetadataProblem is { } problem)
            throw new VerificationException(
                problem.Problem, new ErrorPlace { Object = name, Expected = problem.Expected, Actual = problem.Actual }, Advice);
    }

    private static void Compare(TextTally text, PublishMetadata metadata, string name)
    {
        Require(!text.HasEmptyLine, "The text holds an empty line", name, "an ID on every line", "a line without one");
        Require(
            !text.HasCarriageReturn, "The text holds a carriage return", name, "lines that end with a newline alone", "a carriage return");
        Require(text.Lines == metadata.TotalIds, "The number of lines differs", name, Text(metadata.TotalIds), Text(text.Lines));
        if (metadata.TrailingNewline is { } newline && text.Bytes > 0)
            Require(newline == text.EndsWithNewLine, "The end of the text differs", name, Ending(newline), Ending(text.EndsWithNewLine));
        var md5 = text.Md5();
        Require(metadata.Md5Checksum == md5, "The MD5 of the text differs", name, metadata.Md5Checksum, md5);
    }

    private static string Ending(bool newline) => newline ? "a newline at the end" : "no newline at the end";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Require(bool holds, string problem, string name, string expected, string actual)
    {
        if (!holds)
            throw Differs(problem, name, expected, actual);
    }

    private static VerificationException Differs(string problem, string name, string expected, string actual) =>
        new(problem, new ErrorPlace { Object = name, Expected = expected, Actual = actual }, Advice);
}
