using IdExtractor.Parquet.Compression.Zstd;

namespace IdExtractor.Parquet.Pages;

/// <content>Zstandard frames. Decoded blocks stay where libzstd wrote them, and the frame header
/// states the length of the window.</content>
internal sealed unsafe partial class SlidingPage
{
    /// <summary>
    /// The largest window, in bytes; only the slowest compression levels use more. Pages with
    /// larger windows are decoded whole, which takes hardly more memory.
    /// </summary>
    private const int MaxFrameWindow = 8 << 20;

    /// <summary>
    /// Room before the start of the output, in bytes. Unread output is moved there when decoding
    /// wraps from the end of the memory to its start.
    /// </summary>
    private const int ZstdLead = 1 << 20;

    /// <summary>Bytes that the decoder may write past the output.</summary>
    private const int ZstdSlack = 64;

    /// <summary>
    /// Memory for one page, unless the page needs less or its window needs more. This is twice the
    /// usual window of 2 MiB, so that about a quarter of the back-references cross from the start
    /// of the memory to its end; libzstd is slow at these. More memory gains little, and with
    /// network storage many lanes hold theirs at once (docs/performance.md).
    /// </summary>
    private const int ZstdMemory = 4 << 20;

    private ZstdBlocks? _zstd;

    private void BeginZstd()
    {
        (_zstd ??= new ZstdBlocks()).Begin();
        _unread = _produced = ZstdLead;
        _data = _zstd.Memory.Pointer;
    }

    private void AdvanceZstd()
    {
        if (TryAdvanceZstd())
            return;
        IsBeyondWindow = true;
        Close();
    }

    /// <summary>
    /// Decodes up to the next block that has output, or to the end of the page. False when the page
    /// cannot be read this way.
    /// </summary>
    private bool TryAdvanceZstd()
    {
        var zstd = _zstd!;
        var produced = 0;
        while (produced == 0 && !IsComplete)
        {
            if (zstd.IsBetweenFrames && !TryBeginFrame(zstd))
                return false;
            var wanted = zstd.Wanted;
            if (_pages.FillBody(wanted) < wanted || !TryMakeRoom())
                return false;
            if (!zstd.TryDecode(_pages.Body, wanted, _data + _produced, zstd.Memory.Capacity - _produced, out produced)
                || produced > _toProduce)
                return false;
            _produced += produced;
            _toProduce -= produced;
            _pages.ConsumeBody(wanted);
            if (zstd.IsBetweenFrames)
                PassSkippableFrames();
            IsComplete = zstd.IsBetweenFrames && _toProduce == 0 && _pages.BodyLeft == 0;
        }

        return true;
    }

    private bool TryBeginFrame(ZstdBlocks zstd)
    {
        PassSkippableFrames();
        var size = _pages.FillBody(ZstdBlocks.MaxHeader);
        if (!zstd.TryBeginFrame(new ReadOnlySpan<byte>(_pages.Body, size), out var window))
            return false;
        var reach = Math.Min(window, (ulong)_toProduce);
        if (reach > MaxFrameWindow)
            return false;

        // After the lead, the block decoder needs room for the window's output, the current block
        // and one more block. A page never needs more than its own size plus this overhead.
        const int Besides = ZstdLead + (2 * ZstdBlocks.MaxBlock) + ZstdSlack;
        var least = (int)reach + Besides;
        var wanted = (int)Math.Max(least, Math.Min(ZstdMemory, _toProduce + Besides));
        var keep = Math.Min(_produced, zstd.Memory.Capacity);
        if (!zstd.Memory.TryReserve(_context.Memory, wanted, keep))
            _context.Reserve(zstd.Memory, least, keep, "window", _pages.PageOffset);
        _data = zstd.Memory.Pointer;
        return true;
    }

    /// <summary>Skips complete frames that hold no data.</summary>
    private void PassSkippableFrames()
    {
        while (_pages.FillBody(ZstdFrameHeader.SkippableHeader) >= ZstdFrameHeader.SkippableHeader
            && ZstdFrameHeader.TryReadSkippable(new ReadOnlySpan<byte>(_pages.Body, ZstdFrameHeader.SkippableHeader), out var length)
                && length <= _pages.BodyLeft)
        {
            for (var left = (int)length; left > 0;)
            {
                var piece = Math.Min(left, _pages.FillBody(Math.Min(left, LowInput)));
                _pages.ConsumeBody(piece);
                left -= piece;
            }
        }
    }

    /// <summary>
    /// Makes room for one block, wrapping to the start of the memory when the end is full. False
    /// when the unread output does not fit before the start.
    /// </summary>
    private bool TryMakeRoom()
    {
        if (_zstd!.Memory.Capacity - _produced >= ZstdBlocks.MaxBlock + ZstdSlack)
            return true;
        if (UnreadLength > ZstdLead)
            return false;
        Buffer.MemoryCopy(Unread, _data + ZstdLead - UnreadLength, UnreadLength, UnreadLength);
        _unread = ZstdLead - UnreadLength;
        _produced = ZstdLead;
        return true;
    }
}
