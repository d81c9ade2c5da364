using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Bytes;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Collect;

/// <summary>Reads a spill file through a buffer large enough for its longest id.</summary>
internal sealed class SpillReader(SafeFileHandle file, string folder, long length, int bufferBytes) : IIdSource
{
    private readonly byte[] _buffer = new byte[bufferBytes];
    private long _fetched;
    private int _start;
    private int _end;
    private int _idStart;
    private int _idLength;

    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_idStart, _idLength);

    public ulong Word => ByteOrder.WordAt(Current, 0);

    public bool MoveNext()
    {
        if (_start == _end && _fetched == length)
            return false;
        if (!TryHeader())
        {
            Fetch();
            if (!TryHeader())
                throw SpillErrors.Damaged(folder);
        }

        if (_idLength > _end - _start)
        {
            Fetch();
            if (_idLength > _end - _start)
                throw SpillErrors.Damaged(folder);
        }

        _idStart = _start;
        _start += _idLength;
        return true;
    }

    public void Dispose()
    {
    }

    private bool TryHeader()
    {
        var value = 0U;
        for (var i = 0; i < SpillRun.MaxHeaderBytes && _start + i < _end; i++)
        {
            var part = _buffer[_start + i];
            value |= (uint)(part & 0x7F) << (7 * i);
            if (part >= 0x80)
                continue;
            if (value > (uint)_buffer.Length)
                throw SpillErrors.Damaged(folder);
            _idLength = (int)value;
            _start += i + 1;
            return true;
        }

        return false;
    }

    /// <summary>Moves the unread bytes to the front and fills the buffer.</summary>
    private void Fetch()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        try
        {
            while (_end < _buffer.Length && _fetched < length)
            {
                var count = DiskFileSystem.ReadAt(
                    file, _buffer.AsSpan(_end, (int)Math.Min(_buffer.Length - _end, length - _fetched)), _fetched);
                if (count == 0)
                    throw SpillErrors.Damaged(folder);
                _end += count;
                _fetched += count;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SpillErrors.Of(e, folder);
        }
    }
}
