using System.Globalization;
using System.Text;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

/// <summary>A frame that libzstd wrote, and the content that it must give.</summary>
public sealed record ZstdVector(string Name, byte[] Content, string Base64)
{
    /// <summary>The frame.</summary>
    public byte[] Frame => Convert.FromBase64String(Base64);

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>
/// Frames of libzstd 1.5.4, all with a content checksum, so that machines without the library test
/// the decoder too. Between them they have every kind of block and of literals, and every mode of
/// all three tables.
/// </summary>
public static class ZstdVectors
{
    /// <summary>All of them.</summary>
    public static readonly ZstdVector[] All =
    [
        new(
            "Text, level 3: four streams of literals, all tables compressed",
            Lines(150),
            "KLUv/WRuBO0TAObyXQmg7fDblut/N0dZAFoAWgCUeQz0Kjklxkn6qLGNYE1pfQRmTFwO41rhIUBn1GkzVtZnza1gp8xlOFOBrrSn0ANjKciNu2J01OAJMkaO0Cv3wWxYG8xHckGXkQnk"
            + "snrAxokF+hldqJHuCNaZEvEx6IK4WOU1pMOCzoKOlfZVdqs4nAo6GLEU0I26BTMOHQVyXs+KcbIf5W10vQhiyZwu8yGoKW0htEswy9VBkudM8YuIbeKugRhb08A8A7LVLQP0nNyBOVDP"
            + "FG/p4I1OHFGkM0Ew68vaJuuKQt28J1GWbNodOXKi4JjxYXTDsAuBxpAJJR88WzDlYuWBch7NmGPfwUxC24ncdGBX67mR5eQexDE9rnMa2FI5FvvF2GYRV1BP5BloIxVKrV3Um+gqnoyF"
            + "ClKq1UFFeArdGCbbFK9o3TO9XKYilVNqOKblJz3aBGmS1iOFXKQwlYKFFJ0SWJutBaqWpvYeslpaiJbm5M6QGqM5X9RaCDhFA4CFqHEghiBoJKI0rtUYMEJjDOH5EMDtLfHbpZRLlkFM"
            + "+oSCBGQwy300GjMbXaVx/HV+musHrMYYN72zTYyL0INcGRayOrAyOXI6V5VINEKhF7srLJfY/MSkx1K74xEEg55HLjMD+2OBnufc0GU0+bcL+JVMBMEqRMRJoE5TSRxrAfdZKbOfFfjt"
            + "09n2nW7Oh2A5Httey2SBZsmLP15P10nG3xEoIhC6Q7hHmgZMwjghGsaOepJ/GMrQknoSvtS6RqcDbU1xvCR/WeOwTx+W6wlbuO5f/izW9SS9DCnA/zoIhDDfHJfKLadIquxSBnfZ5yyT"
            + "SARAZb0T5SBYE044qzSLflWJAzy8"),
        new(
            "Blocks that repeat the table of literal lengths",
            Letters((byte)'a', 800, 3),
            "KLUv/QRgVAYAcscHBfA58kUPmbGuSoViK9EXqigSSIODLUqY/IqpNzWABmKosaLjQobtIAJCkIL0EBCN3cBUuO0l8BbkmKMvoQjHjZO+wCK05cIHgaqKH8112tl+Jusk74n4619Q59Pj"
            + "gJSB87i7Rk9MdYK3ZVjTTIlsjW9vEnxZ0ODoe9rNvbwST6ugEpTwI8ibAE89vVHOD1ONhJxqhE7RC21WlT/k3TQrcWCXZ6N0xoYTcmXPpbkA7UR938lBFDy15OQ//apqRb8O3gFYSru4"
            + "KlUBAEBhYWNjYmJiYg7IEDKumwE4BqxAAdSUvpbelqQPjyTOrWeSN/bZEC41BomnwRc="),
        new(
            "Blocks that repeat the tables of match lengths and offsets",
            Letters((byte)'a', 300, 3),
            "KLUv/QRgPAIAYgUGBfA58kUPRF+ookggDQ62KGHyK6be1AAaEygQMoNZDxCCaAcMg3wUk7uUNsBEhN0Ccks04AgkhV+k4KyO1MwmgJ80V0tlAQBwYmNiYmNhYmNjYmNiYWIPvDDxAaYc"
            + "ScTdYOqkflgLcxokuMfUE5IwVRHJB6ikDfI="),
        new(
            "One match length for all sequences, literals of the code before in one stream",
            Letters((byte)'a', 300, 5),
            "KLUv/QRYbAIAQksPBvA5ScrPJHoRnYvJESnMUcPBA/LwTAfJBADEJMmBvb4tGzabpGGOVBN2+Jy6S3ZQMCEfAAhCI/IXRswJRAQEAp3iGSIYquJFtQdNAQCDhAULrxMKE5/4I4ZzEINh"
            + "1Rg5MZbkSgJGBQCnEAvUcjWixdLQIlujBdNQzuU="),
        new(
            "One literal length for all sequences, literals of the code before in four streams",
            Letters((byte)'a', 800, 5),
            "KLUv/QRIZAUAJp4nBvA5ScoXPSUAJQAkAIHXDjwWWbTZJDjhQRUm0jj6HKADxgjECcigfKqQaSw/0MWcZAECwGbucmJEkoHkgUYX1OloRwxnxOQYNHNUNHJUwvM5DE6BsJgk+T6jsAkR"
            + "EAZAsQ0ZcwIh3V8KBGbrJNgcGKaJOtgn/kV0TjFdecImKEKbop4SWGzCX8A5jW9Afjv3MDCmw/UU6nAp58vkSxIDQBmGTu6hL38LBD0DAMfSGBcAFwAXABFbQBnmluRB3gBplpEEBE+S"
            + "nPvgxKciiQAbWIJcAjYbpMAJkGg0jLacBYcmGbVBZA+tpIAyIcEoZvDQwWUssPR/0nAWAWdigARrybxgACSI4ITASiR5TO7kCvg2AQA+TNFk"),
        new(
            "One offset for all sequences",
            Marks(300),
            "KLUv/QRolAMA8sYUEpDPAWCLDLbIYIMN+v9/vv5LDuXdFBwQHqZ4k7RXnvSDIPj/fCPVl9VtyQET9LlA3Y0qBA2w+XmsnLyIvEPWFg9w0yOVgft3ujECc4HNymE8aXEKAFfYEAA0hqFD"
            + "bdZzi5mCmHhgC/mB8EBp24QCdQEAY0MIiMl5h0l3R0SJkEkHrWLUXzsQMfkxDlkqIrUb1SEUS5wIAxAGhmwGGbseEl4U7EA="),
        new(
            "Literals that are all one byte",
            Marks(2000),
            "KLUv/QRozAQAUsocEpDPAWBDLLAhFthg9P//5fovK4jJeYfhuyOgRMjwQaqY9NdOIyY/xptxEdxuUgyhWOJEeWypR/eb4WVprzz8gyDW//kG1xcVoyUHTBDPBYoxotqggWV+3kpOXkTe"
            + "mzW1Brh8SGVY8Xe6McJapSMrb3hYrQ0gQIKJPoZsBjJ2+3TJhgAadeh4s3aLWRDzwBZ+oAZK2zAUhAMAY8YOv/OPv4xQIKxR2aOc8ZJR390mZdxjjI/jQr4T5cgE5itFgawW3w64isrp"
            + "KEPCzGb8w5+4FlZ5agK9nQ4SAFVs4HrlEUVCvjGMUQJkto+Nts2mG2swkB0gxLpMsgHso9+cNRrFSiEyV9tMHhIXuOQCANMCBmtUFgLDAMvP9OH/5X85b1hl8T9jhV9jPxmg0HJVBxAQ"
            + "wVNsDxZzlJZvW1z4uLJmBu+CFsU1lv0tMzf9Xu0oXGkQDwtmc9ZvWiIT7JtlDGI0zZnKnbMPYggWDAIAM4ECVz/q8j/+b/yvARXAQMtNMRixlD8BXyw22IkHYeiB9vKQ+Sq1G0iMho4W"
            + "NaRM+RjQTZ7bjqDl4UN4PduVLbiEAgBzwQLx8P/9//9X5f9HBxrgEEaIkswH4sJbkRxBhovn2iDxEdehLehI8vmz7U7OyKC7NiDrTVxx9QRt7jGkUXzijRvEmNpm/oBl2h8Uua8nAbwB"
            + "AKNAAf9/cP8ZFPD3KuiZ7KUHvhhgVSqaLQtCj9QE7n22Q5YHgy5ambjcC7Yhux2hIJllUUXWd3pVAQBJIxDAGzP69hIM0wuXiQX+HLzZ3hibl8ladlwfyGqZ84/0AByUseN5PBCTPtCS"),
        new(
            "Weights written plainly, no sequences",
            Letters(0, 60, 3),
            "KLUv/SQ8nQAAwsMDgRFAKKKqU5JcYm61uAALACYiWjg="),
        new(
            "Runs, level 1: a block of one byte repeated",
            Enumerable.Repeat((byte)'a', 150_000).ToArray(),
            "KLUv/aTwSQIAVAAAEGFhAQD7/znAAoNPAmEjaA+f"),
        new(
            "A raw block",
            Letters(0, 40, 256),
            "KLUv/SQoQQEAPemc7QzbXA0R+/mIc4yax8dredpcexe/1Vst+x90dBsdn8UVm+1El9K474Q="),
        new(
            "No content",
            [],
            "KLUv/SQAAQAAmenYUQ=="),
        new(
            "No content size, the smallest window",
            Letters(0, 5000, 1),
            "KLUv/QQATAAAEAAAAQD7K4AFAiAAAAIgAAACIAAAQxwAACW3MjA="),
    ];

    private static uint Next(ref uint state) => state = (state * 1664525) + 1013904223;

    private static byte[] Lines(int count)
    {
        var text = new StringBuilder();
        uint state = 1;
        for (var i = 0; i < count; i++)
        {
            Next(ref state);
            text.Append(CultureInfo.InvariantCulture, $"{i},{state % 1000:D3},{(state >> 16) % 7}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Letters(byte first, int count, uint alphabet)
    {
        uint state = 7;
        return [.. Enumerable.Range(0, count).Select(_ => (byte)(first + ((Next(ref state) >> 24) % alphabet)))];
    }

    // Pieces of a text of letters, of five to 24 bytes, with a mark behind each.
    private static byte[] Marks(int count)
    {
        var letters = Letters((byte)'a', count, 26);
        var pieces = new List<byte>();
        uint state = 9;
        while (pieces.Count < count)
        {
            Next(ref state);
            pieces.AddRange(letters.Skip((int)((state >> 24) % 200)).Take(5 + (int)((state >> 20) % 20)).Append((byte)'#'));
        }

        return [.. pieces.Take(count)];
    }
}
