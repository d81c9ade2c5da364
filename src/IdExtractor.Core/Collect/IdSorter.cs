using IdExtractor.Foundation.Bytes;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Sorts the strings of a table in byte order, with a prefix before longer strings. It sorts eight
/// bytes at a time as numbers; only strings that agree in them are examined further.
/// </summary>
internal static class IdSorter
{
    /// <summary>Runs of at most this many strings are sorted by comparison.</summary>
    private const int SmallRun = 24;

    /// <summary>Returns the table's indices in order.</summary>
    /// <param name="table">The strings.</param>
    /// <param name="depth">Length of a common prefix of all strings, which is not examined.</param>
    /// <param name="words">The eight bytes after the prefix, per string in order.</param>
    public static int[] Sort(IdTable table, int depth, out ulong[] words)
    {
        var order = new int[table.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        words = new ulong[order.Length];
        if (order.Length <= SmallRun)
        {
            SortByComparing(table, order, depth);
            FillWords(table, order, depth, words);
            return order;
        }

        FillWords(table, order, depth, words);
        WordSorter.Sort(words, order);
        var open = new Stack<Run>();
        PushTies(table, order, words, new Run(0, order.Length, depth), open);
        SortTies(table, order, words, open);
        return order;
    }

    /// <summary>
    /// Sorts strings with equal first words further. Words at other depths overwrite them, and they
    /// are restored afterwards.
    /// </summary>
    private static void SortTies(IdTable table, int[] order, ulong[] words, Stack<Run> open)
    {
        while (open.TryPop(out var run))
        {
            var indices = order.AsSpan(run.Start, run.Length);
            if (run.Length <= SmallRun)
            {
                SortByComparing(table, indices, run.Depth);
                continue;
            }

            var keys = words.AsSpan(run.Start, run.Length);
            var first = keys[0];
            FillWords(table, indices, run.Depth, keys);
            WordSorter.Sort(keys, indices);
            PushTies(table, order, words, run, open);
            keys.Fill(first);
        }
    }

    private static void FillWords(IdTable table, ReadOnlySpan<int> indices, int depth, Span<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = ByteOrder.WordAt(table[indices[i]], depth);
    }

    private static void PushTies(IdTable table, int[] order, ulong[] words, Run run, Stack<Run> open)
    {
        var end = run.Start + run.Length;
        for (var start = run.Start; start < end;)
        {
            var next = start + 1;
            while (next < end && words[next] == words[start])
                next++;
            if (next - start > 1)
            {
                var settled = SettleEnded(table, order.AsSpan(start, next - start), run.Depth + ByteOrder.WordBytes);
                open.Push(new Run(start + settled, next - start - settled, run.Depth + ByteOrder.WordBytes));
            }

            start = next;
        }
    }

    /// <summary>
    /// Strings that agree up to a depth, counting zeros after their ends, and that end there come
    /// first, the shorter before the longer. They are few, because their lengths are all different.
    /// </summary>
    /// <returns>Their number.</returns>
    private static int SettleEnded(IdTable table, Span<int> tied, int depth)
    {
        var ended = 0;
        for (var i = 0; i < tied.Length; i++)
        {
            if (table[tied[i]].Length > depth)
                continue;
            (tied[ended], tied[i]) = (tied[i], tied[ended]);
            ended++;
        }

        SortByComparing(table, tied[..ended], 0);
        return ended;
    }

    private static void SortByComparing(IdTable table, Span<int> indices, int depth)
    {
        for (var i = 1; i < indices.Length; i++)
        {
            var index = indices[i];
            var id = table[index][depth..];
            var place = i;
            for (; place > 0 && id.SequenceCompareTo(table[indices[place - 1]][depth..]) < 0; place--)
                indices[place] = indices[place - 1];
            indices[place] = index;
        }
    }

    private readonly record struct Run(int Start, int Length, int Depth);
}
