using IdExtractor.Parquet.Compression.Zstd;

namespace IdExtractor.Parquet.Pages;

/// <content>Frames of Zstandard: blocks stand where libzstd puts them, and the window is as long as the frame says.</content>
internal sealed unsafe partial class SlidingPage
{
    /// <summary>Where a window reaches over more than this, which takes the slowest of levels, the page is left to the decoding of whole pages: that takes hardly more memory, and no more than there is to be read.</summary>
    private const int MaxFrameWindow = 8 << 20;

    /// <summary>What is left unread at the end of the memory goes before its beginning, up to so many bytes.</summary>
    private const int ZstdLead = 1 << 20;

    /// <summary>Bytes past the output that the decoder may write.</summary>
    private const int ZstdSlack = 64;

    /// <summary>
    /// Memory for one page, if its size and its window leave the choice. Twice the usual window of 2 MiB, so that a quarter of the back-references lead to the end of the memory while output is at its beginning, which
    /// libzstd takes slowly. More gains little, and many lanes hold theirs where bytes come over the network (docs/performance.md).
    /// </summary>
    private const int ZstdMemory = 4 << 20;

    private NativeZstdBlocks? _zstd;

    private void BeginZstd()
    {
        (_zstd ??= new NativeZstdBlocks()).Begin();
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

    /// <summary>Decodes up to the next block's output, or to the end of the page. False when the page cannot be read this way.</summary>
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
            if (!zstd.TryDecode(_pages.Body, wanted, _data + _produced, zstd.Memory.Capacity - _produced, out produced) || produced > _toProduce)
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

    private bool TryBeginFrame(NativeZstdBlocks zstd)
    {
        PassSkippableFrames();
        var size = _pages.FillBody(NativeZstdBlocks.MaxHeader);
        if (!zstd.TryBeginFrame(new ReadOnlySpan<byte>(_pages.Body, size), out var window))
            return false;
        var reach = Math.Min(window, (ulong)_toProduce);
        if (reach > MaxFrameWindow)
            return false;

        // Output that the window reaches, the block at hand and one block more stand behind the lead, as the decoder of blocks demands; but no more than the page has.
        const int Besides = ZstdLead + (2 * NativeZstdBlocks.MaxBlock) + ZstdSlack;
        var least = (int)reach + Besides;
        var wanted = (int)Math.Max(least, Math.Min(ZstdMemory, _toProduce + Besides));
        var keep = Math.Min(_produced, zstd.Memory.Capacity);
        if (!zstd.Memory.TryReserve(_context.Memory, wanted, keep))
            _context.Reserve(zstd.Memory, least, keep, "window", _pages.PageOffset);
        _data = zstd.Memory.Pointer;
        return true;
    }

    /// <summary>Passes over frames that hold no data, as far as they are whole.</summary>
    private void PassSkippableFrames()
    {
        while (_pages.FillBody(ZstdFrameHeader.SkippableHeader) >= ZstdFrameHeader.SkippableHeader
            && ZstdFrameHeader.TryReadSkippable(new ReadOnlySpan<byte>(_pages.Body, ZstdFrameHeader.SkippableHeader), out var length) && length <= _pages.BodyLeft)
        {
            for (var left = (int)length; left > 0;)
            {
                var piece = Math.Min(left, _pages.FillBody(Math.Min(left, LowInput)));
                _pages.ConsumeBody(piece);
                left -= piece;
            }
        }
    }

    /// <summary>Makes room for one block, at the beginning of the memory if there is none behind what is there. False when more is unread than goes before the beginning.</summary>
    private bool TryMakeRoom()
    {
        if (_zstd!.Memory.Capacity - _produced >= NativeZstdBlocks.MaxBlock + ZstdSlack)
            return true;
        if (UnreadLength > ZstdLead)
            return false;
        Buffer.MemoryCopy(Unread, _data + ZstdLead - UnreadLength, UnreadLength, UnreadLength);
        _unread = ZstdLead - UnreadLength;
        _produced = ZstdLead;
        return true;
    }
}
