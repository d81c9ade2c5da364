namespace IdExtractor.Conformance.Tests.Libraries;

/// <summary>A library for .NET that writes and reads Parquet files.</summary>
internal interface IParquetLibrary
{
    /// <summary>Writes a table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="path">The file, which is created.</param>
    /// <param name="random">Chooses codec, encodings, page sizes and hints.</param>
    /// <returns>What was chosen, for messages.</returns>
    Task<string> WriteAsync(RandomTable table, string path, Random random);

    /// <summary>Reads the values of a column as text, null for null.</summary>
    Task<IReadOnlyList<string?>> ReadAsync(string path, string column);
}
