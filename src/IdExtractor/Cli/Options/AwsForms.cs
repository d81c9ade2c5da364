namespace IdExtractor.Cli.Options;

/// <summary>Forms of what AWS names; all of them are texts.</summary>
internal static class AwsForms
{
    private const int AccountDigits = 12;

    public static ValueForm Region { get; } = new("a region, as sa-east-1", JsonForms.String, text => IsRegion(text) ? text : null);

    public static ValueForm Account { get; } = new(
        "an account number of 12 digits", JsonForms.String, text => IsAccount(text) ? text : null);

    public static ValueForm Role { get; } = new(
        "the ARN of a role, as arn:aws:iam::<account>:role/<name>", JsonForms.String, text => IsRole(text) ? text : null);

    private static bool IsRegion(string text)
    {
        const int Longest = 63;
        return text.Length is > 0 and <= Longest
            && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
    }

    private static bool IsAccount(string text) => text.Length == AccountDigits && text.All(char.IsAsciiDigit);

    private static bool IsRole(string text) =>
        text.Split(':', 6) is ["arn", { Length: > 0 }, "iam", "", var account, var resource]
        && IsAccount(account)
        && resource.Length > "role/".Length
        && resource.StartsWith("role/", StringComparison.Ordinal)
        && ValueForms.ReadPlain(text) is not null;
}
