using System.Buffers.Binary;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Decodes the definition levels of one page of a flat column: one byte per row, 1 where there is a
/// value. Locates the section of the levels in the page and the start of the values.
/// </summary>
internal struct LevelDecoder
{
    private enum Form
    {
        None,
        Hybrid,
        BitPacked,
    }

    private Form _form;
    private RleBitPackedDecoder _hybrid;
    private BitPackedLevelDecoder _packed;

    /// <summary>True when the column is required, so that every row has a value.</summary>
    public readonly bool AllValid => _form == Form.None;

    /// <summary>Locates the levels at the start of an uncompressed page.</summary>
    /// <param name="page">The uncompressed page.</param>
    /// <param name="header">Its header.</param>
    /// <param name="isOptional">The column has definition levels.</param>
    /// <param name="valuesStart">Where the values start.</param>
    public DecodeStatus Open(ReadOnlySpan<byte> page, in PageHeader header, bool isOptional, out int valuesStart)
    {
        this = default;
        valuesStart = 0;
        if (header.Type == PageType.DataV2)
        {
            valuesStart = header.RepetitionLevelsSize + header.DefinitionLevelsSize;
            return isOptional ? OpenHybrid(page, header.RepetitionLevelsSize, valuesStart) : DecodeStatus.Ok;
        }

        if (!isOptional)
            return DecodeStatus.Ok;
        if (header.LevelEncoding == ParquetEncoding.BitPacked)
        {
            var size = BitPackedLevelDecoder.ByteLength(header.ValueCount, bitWidth: 1);
            if (size > page.Length)
                return DecodeStatus.InputTooShort;
            valuesStart = (int)size;
            _form = Form.BitPacked;
            return _packed.Init(page, 0, valuesStart, bitWidth: 1);
        }

        if (header.LevelEncoding != ParquetEncoding.Rle)
            return DecodeStatus.Unsupported;
        if (page.Length < sizeof(int))
            return DecodeStatus.InputTooShort;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(page);
        if (length > (uint)(page.Length - sizeof(int)))
            return DecodeStatus.InvalidLength;
        valuesStart = sizeof(int) + (int)length;
        return OpenHybrid(page, sizeof(int), valuesStart);
    }

    /// <summary>
    /// A cheap check whether all these rows hold values. False also when it would need to decode
    /// the levels.
    /// </summary>
    public bool IsAllValid(ReadOnlySpan<byte> page, int rows) => _form switch
    {
        Form.None => true,
        Form.Hybrid => rows == 0 || (_hybrid.TryGetRun(page, out var level, out var length) && level == 1 && length >= rows),
        _ => false,
    };

    /// <summary>Reads the levels of the next rows; each is 0 or 1.</summary>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<byte> levels)
    {
        switch (_form)
        {
            case Form.Hybrid:
                return _hybrid.ReadLevels(page, levels, maxLevel: 1);
            case Form.BitPacked:
                return _packed.ReadLevels(page, levels, maxLevel: 1);
            default:
                levels.Fill(1);
                return DecodeStatus.Ok;
        }
    }

    private DecodeStatus OpenHybrid(ReadOnlySpan<byte> page, int start, int end)
    {
        _form = Form.Hybrid;
        return _hybrid.Init(page, start, end, bitWidth: 1);
    }
}
