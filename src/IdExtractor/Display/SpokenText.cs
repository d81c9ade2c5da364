using System.Text;
using IdExtractor.Foundation.Privacy;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// Lines for people, collected in their language. Names that look like documents are masked before
/// a line is translated: the mask knows the English units that may follow a number.
/// </summary>
/// <param name="speech">The language.</param>
internal sealed class SpokenText(Speech speech)
{
    private readonly StringBuilder _text = new();

    /// <summary>The language.</summary>
    public Speech Speech => speech;

    /// <summary>Appends a line.</summary>
    public void Line(string english) => _text.Append(speech.Of(Confidential.Mask(english))).Append('\n');

    /// <summary>Appends a line that is data, or is translated already.</summary>
    public void AsItIs(string line = "") => _text.Append(Confidential.Mask(line)).Append('\n');

    /// <summary>Everything, without a newline at the end.</summary>
    public override string ToString() => _text.ToString().TrimEnd('\n');
}
