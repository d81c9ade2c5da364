namespace IdExtractor.Core.Stage.Deflate;

/// <summary>
/// Finds what each line has in common with the previous one: bytes at the same distance from the
/// start or, when the two differ in length, from the end. In sorted lines that is nearly all that
/// repeats, and it is found without a search.
/// </summary>
/// <remarks>Reusable. Each thread needs its own instance.</remarks>
internal sealed class LineMatcher(int maxTextLength)
{
    private const byte NewLine = (byte)'\n';
    private const int MinLength = 3;
    private const int MaxLength = 258;
    private const int MaxDistance = 1 << 15;

    // From here on a distance costs more bits than three literals do.
    private const int FarDistance = 1 << 12;

    private readonly LineCopy[] _copies = new LineCopy[(maxTextLength / MinLength) + 1];
    private int _count;

    // A copy that may still become longer: of any length, at one distance. It may be too short so
    // far.
    private int _start;
    private int _length;
    private int _distance;

    /// <summary>
    /// The copies of a text, in their order and without overlaps; valid until the next call.
    /// </summary>
    /// <param name="text">Lines that end with LF; the first and the last may be cut. At most as
    /// long as this instance was made for.</param>
    public ReadOnlySpan<LineCopy> Find(ReadOnlySpan<byte> text)
    {
        (_count, _length) = (0, 0);

        // A line is taken with the line feed before it, so that the end of what it has in common
        // with another and the start of what the next has can be one copy.
        var before = -1;
        var start = text.IndexOf(NewLine);
        while (start >= 0)
        {
            var next = text[(start + 1)..].IndexOf(NewLine);
            var end = next < 0 ? text.Length : start + 1 + next;
            if (before >= 0)
                Compare(text, before, start, end);
            before = start;
            start = next < 0 ? -1 : end;
        }

        Close();
        return _copies.AsSpan(0, _count);
    }

    private void Compare(ReadOnlySpan<byte> text, int before, int start, int end)
    {
        var fromStart = start - before;
        var fromEnd = end - start;
        var tail = fromStart == fromEnd ? 0 : CommonTail(text[before..start], text[start..end]);
        AddRuns(text, start, end - tail, fromStart);
        if (tail > 0)
            Add(end - tail, tail, fromEnd);
    }

    private static int CommonTail(ReadOnlySpan<byte> before, ReadOnlySpan<byte> line)
    {
        var longest = Math.Min(before.Length, line.Length);
        var length = 0;
        while (length < longest && before[^(length + 1)] == line[^(length + 1)])
            length++;
        return length;
    }

    private void AddRuns(ReadOnlySpan<byte> text, int start, int end, int distance)
    {
        while (start < end)
        {
            // One that ends with the line may go on in the next.
            var run = text[start..end].CommonPrefixLength(text[(start - distance)..]);
            if (run >= MinLength || start + run == end || Continues(start, distance))
                Add(start, run, distance);
            start += run + 1;
        }
    }

    private static int MinLengthAt(int distance) => distance switch
    {
        > MaxDistance => int.MaxValue,
        > FarDistance => MinLength + 1,
        _ => MinLength,
    };

    private bool Continues(int start, int distance) => _length > 0 && _distance == distance && _start + _length == start;

    private void Add(int start, int length, int distance)
    {
        if (Continues(start, distance))
        {
            _length += length;
            return;
        }

        Close();
        (_start, _length, _distance) = (start, length, distance);
    }

    private void Close()
    {
        if (_length < MinLengthAt(_distance))
            _length = 0;
        while (_length > 0)
        {
            // What is left must be long enough for a copy of its own.
            var length = _length <= MaxLength ? _length : _length < MaxLength + MinLength ? MaxLength - MinLength : MaxLength;
            _copies[_count++] = new LineCopy(_start, length, _distance);
            _start += length;
            _length -= length;
        }
    }
}
