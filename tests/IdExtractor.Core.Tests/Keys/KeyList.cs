using System.Text;
using IdExtractor.Core.Keys;

namespace IdExtractor.Core.Tests.Keys;

/// <summary>Keeps every key that it is given, as text.</summary>
internal sealed class KeyList : IKeySink
{
    public List<string> Keys { get; } = [];

    public void Add(ReadOnlySpan<byte> key) => Keys.Add(Encoding.UTF8.GetString(key));

    public void AddDigits(ReadOnlySpan<ulong> words, int length)
    {
        var key = new byte[length];
        foreach (var word in words)
        {
            PackedDigits.Unpack(word, key);
            Add(key);
        }
    }
}
