using System.Buffers;
using System.Security.Cryptography;
using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Reads data file and side file as one version, by the procedure that docs/use/output-contract.md
/// describes for every reader.
/// </summary>
internal sealed class LocalSnapshot(ILocalFileSystem files)
{
    private const int Attempts = 64;
    private const int BufferBytes = 1 << 18;

    /// <summary>The object at a path and its metadata; null when there is none.</summary>
    /// <exception cref="ConfigurationException">It is a pipe, a socket or a device.</exception>
    /// <exception cref="TransientException">It kept being replaced while it was read.</exception>
    public Snapshot? Take(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Stat(path) is not { IsFolder: false } named)
                return null;
            if (named.IsSpecial)
                throw LocalErrors.NoFile(path);
            if (!HasSide(path))
            {
                // A writer puts the side file there before the data file, so this version was
                // written without one; unless it was replaced just now.
                if (files.Stat(path)?.Stamp == named.Stamp)
                    return Without(
                        named,
                        new MetadataProblem("The file has no metadata")
                        {
                            Expected = $"the side file {Path.GetFileName(LocalNames.Side(path))}",
                            Actual = "no such file"
                        });
                continue;
            }

            if (TryTake(path, cancellationToken) is { } taken)
                return taken;
        }

        throw new TransientException("An object was replaced again and again while it was looked at", ErrorPlace.Of(path), "run again");
    }

    /// <summary>There is a side file. A name can be too long to have one.</summary>
    private bool HasSide(string path)
    {
        try
        {
            return files.Stat(LocalNames.Side(path)) is not null;
        }
        catch (PathTooLongException)
        {
            return false;
        }
        catch (IOException error) when (LocalErrors.IsLoop(error))
        {
            return true;
        }
    }

    /// <summary>
    /// The side file of the object at a path; null when there is none, or nothing to be understood.
    /// </summary>
    public SideFile? ReadSide(string path) => ReadSideBytes(LocalNames.Side(path)) is { } bytes ? SideFile.Parse(bytes) : null;

    /// <summary>SHA-256 of an open file, lower-case hex.</summary>
    public string Hash(SafeFileHandle file, CancellationToken cancellationToken) => Hash(files, file, cancellationToken);

    /// <summary>SHA-256 of an open file, lower-case hex.</summary>
    public static string Hash(ILocalFileSystem files, SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long offset = 0; ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = files.Read(file, buffer, offset);
                if (read == 0)
                    return Convert.ToHexStringLower(hash.GetHashAndReset());
                hash.AppendData(buffer, 0, read);
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Snapshot Without(FileState state, MetadataProblem problem) => new(state, ObjectInfo.EmptyMetadata, problem);

    private static MetadataProblem ProblemOf(SideFile? side, string sha256) => side is null
        ? new MetadataProblem("The side file with the metadata is damaged")
        {
            Expected = "the JSON that the output contract describes",
            Actual = "something else"
        }
        : new MetadataProblem("The SHA-256 of the file is not the one in its metadata")
        {
            Expected = string.Join(" or ", side.Entries.Select(entry => entry.Sha256).Distinct(StringComparer.Ordinal)),
            Actual = sha256,
        };

    private Snapshot? TryTake(string path, CancellationToken cancellationToken)
    {
        SafeFileHandle data;
        try
        {
            data = files.OpenRead(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        using (data)
        {
            var state = files.Stat(data);
            var side = ReadSide(path);
            string? hash = null;
            string HashOnce() => hash ??= Hash(data, cancellationToken);
            if (side?.Find(state.Size, HashOnce) is { } entry)
                return new Snapshot(state, entry.Metadata, null);

            // Either a writer replaced both since the data file was opened, or the side file really
            // describes other bytes.
            var settled = files.Stat(path)?.Stamp == state.Stamp;
            return settled ? Without(state, ProblemOf(side, side is null ? "" : HashOnce())) : null;
        }
    }

    private byte[]? ReadSideBytes(string sidePath)
    {
        try
        {
            using var file = files.OpenRead(sidePath);
            var length = files.Stat(file).Size;
            if (length > SideFile.MaxBytes)
                return null;
            var bytes = new byte[length];
            var filled = 0;
            while (filled < bytes.Length)
            {
                var read = files.Read(file, bytes.AsSpan(filled), filled);
                if (read == 0)
                    break;
                filled += read;
            }

            return bytes[..filled];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is ConfigurationException || (error is IOException io && LocalErrors.IsLoop(io)))
        {
            // A pipe, or links in a circle: damaged metadata, which concern this file alone.
            return null;
        }
    }
}

/// <summary>A data file and the metadata that belong to its bytes.</summary>
/// <param name="State">The data file.</param>
/// <param name="Metadata">Its metadata; empty when there are none.</param>
/// <param name="Problem">Why there are none; null when there are some.</param>
internal readonly record struct Snapshot(FileState State, IReadOnlyDictionary<string, string> Metadata, MetadataProblem? Problem);
