using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Collect;

/// <summary>Sorted distinct IDs in a file of their own: each its length as a base-128 number, low bits first, and its bytes.</summary>
/// <param name="file">The open file, which disposing closes and so removes.</param>
/// <param name="folder">Its folder, for messages.</param>
/// <param name="length">Bytes in the file.</param>
/// <param name="maxIdBytes">The longest ID in it.</param>
/// <param name="level">0 for IDs from memory, one more for every merge.</param>
internal sealed class SpillRun(SafeFileHandle file, string folder, long length, int maxIdBytes, int level) : IDisposable
{
    /// <summary>Bytes of the longest number before an ID.</summary>
    public const int MaxHeaderBytes = 5;

    public long Length => length;

    public int Level => level;

    /// <summary>Memory that reading takes when the buffer is to hold this many bytes, or else the longest ID.</summary>
    public int BufferBytes(int wanted) => Math.Max(wanted, maxIdBytes + MaxHeaderBytes);

    /// <summary>Writes all IDs of a source to a new file.</summary>
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

    /// <summary>Reads it from its beginning. The file stays open.</summary>
    public IIdSource Read(int bufferBytes) => new SpillReader(file, folder, length, BufferBytes(bufferBytes));

    public void Dispose() => file.Dispose();
}
