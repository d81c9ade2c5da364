using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace IdExtractor.Aws.Connection;

/// <summary>Where credentials come from, as messages name it.</summary>
/// <param name="Name">As <c>the credential_process of profile 'night'</c>.</param>
/// <param name="Advice">What to check there.</param>
internal sealed record CredentialSource(string Name, string Advice)
{
    private const string TokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE", RoleArn = "AWS_ROLE_ARN", Profile = "AWS_PROFILE";
    private const string Key = "AWS_ACCESS_KEY_ID", Secret = "AWS_SECRET_ACCESS_KEY";
    private const string Relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private const string ContainerToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

    /// <summary>
    /// The source of credentials that were resolved; null for those of an instance, which are asked
    /// for when nothing is configured.
    /// </summary>
    public static CredentialSource? Of(AWSCredentials credentials) => credentials switch
    {
        RoleCredentials role => new($"AssumeRole for {role.Role} (--assume-role)",
            "check the ARN, and that the role's trust policy allows the caller"),
        AssumeRoleWithWebIdentityCredentials web => new(
            $"AssumeRoleWithWebIdentity for {web.RoleArn} with the token of {TokenFile}, {web.WebIdentityTokenFile}",
                "check that the token is mounted and that the role trusts its issuer"),
        AssumeRoleAWSCredentials role => new($"AssumeRole for {role.RoleArn} of {ProfileInUse}",
            "check the ARN, the source profile, and that the role's trust policy allows the caller"),
        ProcessAWSCredentials => new($"the credential_process of {ProfileInUse}",
            "run its command by hand; it must print the JSON of the AWS specification"),
        SSOAWSCredentials sso => new($"the single sign-on {sso.StartUrl} of {ProfileInUse}", "sign in with aws sso login"),
        GenericContainerCredentials when ContainerTokenFile is { } token => new(
            $"{ContainerVariable} with the token file {token} of {ContainerToken}",
                "check that the token is mounted, and that the pod has a role"),
        GenericContainerCredentials => new(ContainerVariable, "check that the task or the pod has a role, and that its agent answers"),
        _ when credentials.GetType().Name.Contains("InstanceProfile", StringComparison.Ordinal) => null,
        BasicAWSCredentials or SessionAWSCredentials or EnvironmentVariablesAWSCredentials =>
            new("the keys of the environment or the profile", $"check {Key} and {Secret}"),
        _ => new($"{credentials.GetType().Name} of {ProfileInUse}", "check the profile"),
    };

    /// <summary>
    /// Where the token for a container's agent is mounted; null when no variable names a file.
    /// </summary>
    public static string? ContainerTokenFile => Has(ContainerToken) ? Text(ContainerToken) : null;

    /// <summary>
    /// The partly configured source that the chain silently skips; null when there is none.
    /// </summary>
    public static CredentialSource? FindIncomplete()
    {
        if (Has(Profile) && !new CredentialProfileStoreChain().TryGetProfile(Text(Profile), out _))
            return new($"{ProfileInUse}, which {Profile} names and no file has",
                $"check {Profile}, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE");
        if (Has(Key) != Has(Secret))
            return new($"{(Has(Key) ? Key : Secret)}, as {(Has(Key) ? Secret : Key)} is not set", "set both");
        if (Has(TokenFile) != Has(RoleArn))
            return new($"{(Has(TokenFile) ? TokenFile : RoleArn)}, as {(Has(TokenFile) ? RoleArn : TokenFile)} is not set", "set both");
        if (Has(Profile))
            return new(ProfileInUse, "give it keys, a role, a credential_process or a single sign-on");
        return Has(Relative) || Has(Full)
            ? new(ContainerVariable, "check that the task or the pod has a role, and that its agent answers")
            : null;
    }

    private static string ProfileInUse => $"profile '{(Has(Profile) ? Text(Profile) : "default")}'";

    private static string ContainerVariable => Has(Relative) ? Relative : Full;

    private static bool Has(string variable) => !string.IsNullOrWhiteSpace(Text(variable));

    private static string? Text(string variable) => Environment.GetEnvironmentVariable(variable);
}
