namespace IdExtractor.Core.Storage;

/// <summary>How addresses of tables and outputs begin. Schemes are written in lower case.</summary>
public static class AddressScheme
{
    /// <summary>A bucket of S3 and what is in it.</summary>
    public const string S3 = "s3://";

    /// <summary>A table of the Glue Data Catalog.</summary>
    public const string Glue = "glue://";

    /// <summary>A local path as an address.</summary>
    public const string File = "file://";

    /// <summary>What follows the name of any scheme.</summary>
    public const string Separator = "://";

    /// <summary>The address is in S3.</summary>
    public static bool IsS3(string address) => Begins(address, S3);

    /// <summary>The reference names a table of the Data Catalog.</summary>
    public static bool IsGlue(string reference) => Begins(reference, Glue);

    private static bool Begins(string address, string scheme)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.StartsWith(scheme, StringComparison.Ordinal);
    }
}
