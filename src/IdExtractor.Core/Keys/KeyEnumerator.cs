using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Keys;

/// <summary>Enumerates the keys of a set.</summary>
public ref struct KeyEnumerator
{
    private readonly DigitKeys _digits;
    private readonly TextKeys _texts;
    private readonly byte[] _text = new byte[PackedDigits.LongestText];
    private int _length = PackedDigits.ShortestText - 1;
    private bool _isInDigits;
    private NumberSet.Enumerator _words;
    private int _nextText;

    internal KeyEnumerator(DigitKeys digits, TextKeys texts) => (_digits, _texts) = (digits, texts);

    /// <summary>The current key, valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Moves to the next key; false after the last.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (_isInDigits && _words.MoveNext())
            {
                var text = _text.AsSpan(0, _length);
                PackedDigits.Unpack(_words.Current, text);
                Current = text;
                return true;
            }

            _isInDigits = false;
            if (_length == PackedDigits.LongestText)
                break;
            if (_digits.OfLength(++_length) is { } words)
                (_words, _isInDigits) = (words.GetEnumerator(), true);
        }

        if (_nextText == _texts.Count)
            return false;
        Current = _texts[_nextText++];
        return true;
    }
}
