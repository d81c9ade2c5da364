using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Sorted distinct ids in their own file: per id, its length as a base-128 number, low bits first,
/// and its bytes.
/// </summary>
/// <param name="file">The open file. Disposing the run closes it, which deletes it.</param>
/// <param name="folder">The file's folder, for messages.</param>
/// <param name="length">Bytes in the file.</param>
/// <param name="maxIdBytes">The longest id in it.</param>
/// <param name="level">0 for ids from memory, plus one per merge.</param>
internal sealed class SpillRun(SafeFileHandle file, string folder, long length, int maxIdBytes, int level) : IDisposable
{
    /// <summary>Maximum size of the length before an id, in bytes.</summary>
    public const int MaxHeaderBytes = 5;

    public long Length => length;

    public int Level => level;

    /// <summary>
    /// Memory needed for reading with a buffer of this many bytes, or of the longest id if that is
    /// more.
    /// </summary>
    public int BufferBytes(int wanted) => Math.Max(wanted, maxIdBytes + MaxHeaderBytes);

    /// <summary>Writes all ids of a source to a new file.</summary>
    public static SpillRun Write(SpillFolder folder, IIdSource source, int bufferBytes, int level)
    {
        var file = folder.CreateFile();
        try
        {
            var writer = new SpillWriter(file, folder.Path, bufferBytes);
            while (source.MoveNext())
                writer.Append(source.Current);
            writer.Flush();
            return new SpillRun(file, folder.Path, writer.Length, writer.MaxIdBytes, level);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the file from its beginning. It stays open.</summary>
    public IIdSource Read(int bufferBytes) => new SpillReader(file, folder, length, BufferBytes(bufferBytes));

    public void Dispose() => file.Dispose();
}
