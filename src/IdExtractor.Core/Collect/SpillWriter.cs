using IdExtractor.Core.Storage.Local;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Collect;

/// <summary>Appends ids to a spill file through a buffer.</summary>
internal sealed class SpillWriter(SafeFileHandle file, string folder, int bufferBytes)
{
    private readonly byte[] _buffer = new byte[Math.Max(bufferBytes, SpillRun.MaxHeaderBytes)];
    private int _used;
    private long _flushed;

    public long Length => _flushed + _used;

    public int MaxIdBytes { get; private set; }

    public void Append(ReadOnlySpan<byte> id)
    {
        MaxIdBytes = Math.Max(MaxIdBytes, id.Length);
        if (_buffer.Length - _used < SpillRun.MaxHeaderBytes)
            Flush();
        var rest = (uint)id.Length;
        for (; rest >= 0x80; rest >>= 7)
            _buffer[_used++] = (byte)(rest | 0x80);
        _buffer[_used++] = (byte)rest;
        if (id.Length > _buffer.Length - _used)
        {
            Flush();
            if (id.Length > _buffer.Length)
            {
                WriteOut(id);
                return;
            }
        }

        id.CopyTo(_buffer.AsSpan(_used));
        _used += id.Length;
    }

    public void Flush()
    {
        WriteOut(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    private void WriteOut(ReadOnlySpan<byte> bytes)
    {
        try
        {
            DiskFileSystem.WriteAt(file, bytes, _flushed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SpillErrors.Of(e, folder);
        }

        _flushed += bytes.Length;
    }
}
