using IdExtractor.Core.Catalog;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// Rejects tables that are not folders of Parquet files: their data are elsewhere, or a log next to
/// the files defines which of them count.
/// </summary>
internal static class GlueTableKind
{
    private static readonly (string Mark, string Name)[] s_formats = [
        ("iceberg", "an Iceberg table"), ("delta", "a Delta Lake table"), ("hudi", "a Hudi table"), ("hoodie", "a Hudi table")
    ];

    /// <summary>
    /// How Spark ends the Location of a table whose files are elsewhere, as
    /// <c>s3://bucket/warehouse/accounts-__PLACEHOLDER__</c>.
    /// </summary>
    private const string Placeholder = "__PLACEHOLDER__";

    /// <summary>Properties by which engines mark tables that they keep a log of.</summary>
    private static readonly string[] s_marks = ["table_type", "spark.sql.sources.provider", "classification"];

    /// <summary>Refuses what cannot be read.</summary>
    /// <exception cref="ConfigurationException">A view, a federated table, an Iceberg, Delta or
    /// Hudi table, a table without a Location, or files that are not Parquet.</exception>
    public static void EnsureReadable(GlueTableName name, GlueTable table)
    {
        if (table.IsMaterializedView || table.TableType?.Contains("VIEW", StringComparison.OrdinalIgnoreCase) == true)
            throw Refused(name, "a view, which has no files of its own", "name the table that the view reads");
        if (table.FederatedBy is not null)
            throw Refused(name, "a federated table, whose data are not in S3", "name a table of Parquet files");
        if (LogFormat(table) is { } format)
            throw Refused(
                name, format, "write its latest rows to a table of Parquet files first, since only its log tells which of its files count");
        if (table.Storage?.Location is not { Length: > 0 })
            throw Refused(name, "a table without a Location", "give the table a Location in S3");
        if (OtherFormat(table) is { } other)
            throw Refused(name, other, "convert the table to Parquet");
    }

    /// <summary>
    /// Where the data are: the Location, or for a table of Spark whose Location is only a
    /// placeholder the SerDe parameter <c>path</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">The Location is a placeholder, and there is no
    /// <c>path</c>.</exception>
    public static string DataLocation(GlueTableName name, GlueStorage storage)
    {
        var location = storage.Location!;
        if (!location.TrimEnd('/').EndsWith(Placeholder, StringComparison.Ordinal))
            return location;
        return storage.Path
            ?? throw new ConfigurationException("The table's Location is a placeholder, and its SerDe parameter 'path' does not name the data either", new ErrorPlace
            {
                Object = name.ToString(),
                Expected = "a Location in S3, or a SerDe parameter 'path'",
                Actual = $"'{location}'",
            }, "correct the table's Location");
    }

    private static string? LogFormat(GlueTable table)
    {
        string?[] marks = [
            .. s_marks.Select(mark => Parameter(table, mark)), table.Storage?.InputFormat, table.Storage?.SerializationLibrary
        ];
        foreach (var (mark, name) in s_formats)
        {
            if (marks.Any(text => text?.Contains(mark, StringComparison.OrdinalIgnoreCase) == true))
                return name;
        }

        return null;
    }

    /// <summary>
    /// The serde class, the input format class or a property shows that a table is Parquet. A table
    /// with none of them is accepted, and its files decide.
    /// </summary>
    private static string? OtherFormat(GlueTable table)
    {
        string?[] told = [
            table.Storage?.SerializationLibrary, table.Storage?.InputFormat, Parameter(table, "classification"),
            Parameter(table, "spark.sql.sources.provider")
        ];
        var isSymlink = table.Storage?.InputFormat?.Contains("SymlinkTextInputFormat", StringComparison.Ordinal) == true;
        if (isSymlink)
            return "a table of manifests that point to its files";
        var format = told.FirstOrDefault(text => !string.IsNullOrEmpty(text));
        return format is null || told.Any(text => text?.Contains("parquet", StringComparison.OrdinalIgnoreCase) == true)
            ? null
            : $"not Parquet but '{format}'";
    }

    private static string? Parameter(GlueTable table, string name) =>
        table.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private static ConfigurationException Refused(GlueTableName name, string found, string advice) =>
        new(
            "The table cannot be read",
            new ErrorPlace { Object = name.ToString(), Expected = "a table of Parquet files in S3", Actual = found }, advice);
}
