using IdExtractor.Aws.Connection;
using IdExtractor.Cli.Options;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>
/// The values of the AWS options. Checking them and reading them are two methods: a run on local
/// files does not load what <see cref="From"/> returns.
/// </summary>
internal static class AwsOptions
{
    /// <summary>The words of <c>--sse</c>.</summary>
    public const string Aes256 = "AES256", Kms = "aws:kms", KmsDualLayer = "aws:kms:dsse";

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="UsageException">A KMS key is given for an encryption without
    /// one.</exception>
    public static void Check(OptionValues values)
    {
        if (values.Has(OptionTable.KmsKeyId) && values.Find(OptionTable.Sse) is Aes256)
        {
            throw new UsageException(
                $"{values.Describe(OptionTable.KmsKeyId)} contradicts {values.Describe(OptionTable.Sse)} AES256, which has no key of yours",
                "take --sse aws:kms");
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public static AwsSettings From(OptionValues values)
    {
        Check(values);
        string? Text(OptionDefinition option) => values.Find(option) as string;
        var key = Text(OptionTable.KmsKeyId);
        return new AwsSettings
        {
            Region = Text(OptionTable.Region),
            EndpointUrl = Text(OptionTable.EndpointUrl),
            PathStyle = values.Flag(OptionTable.PathStyle),
            RequestPayer = values.Flag(OptionTable.RequestPayer),
            Encryption = Text(OptionTable.Sse) switch
            {
                Aes256 => ServerSideEncryption.Aes256,
                Kms => ServerSideEncryption.Kms,
                KmsDualLayer => ServerSideEncryption.KmsDualLayer,
                _ => key is null ? ServerSideEncryption.BucketDefault : ServerSideEncryption.Kms,
            },
            KmsKeyId = key,
            ExpectedBucketOwner = Text(OptionTable.ExpectedBucketOwner),
            AssumeRole = Text(OptionTable.AssumeRole),
            CatalogId = Text(OptionTable.CatalogId),
        };
    }
}
