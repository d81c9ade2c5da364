using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>The embedded default needs nothing of AWS.</summary>
public sealed class LocalRunTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("idextractor-local-").FullName;

    [Fact]
    public async Task Extract_LocalFolders_RunsWithoutAnyAwsAssembly()
    {
        var program = Path.Combine(_folder, "program");
        Directory.CreateDirectory(program);
        string[] files =
        [
            "idextractor.dll", "idextractor.runtimeconfig.json", "IdExtractor.Foundation.dll", "IdExtractor.Parquet.dll",
            "IdExtractor.Core.dll",
            "System.CommandLine.dll",
        ];
        foreach (var name in files)
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(program, name));
        var samples = Path.Combine(RepositoryRoot.Path, "samples");
        string[] job = [
            "extract", "--table-a", Path.Combine(samples, "a"), "--table-b", Path.Combine(samples, "b"), "--output",
            Path.Combine(_folder, "out")
        ];

        var local = await ChildProcess.RunAsync(ChildProcess.Dotnet, [Path.Combine(program, "idextractor.dll"), .. job], s_limit);
        var remote = await ChildProcess.RunAsync(ChildProcess.Dotnet, [Path.Combine(program, "idextractor.dll"),
            "extract", "--table-a", "glue://db/a", "--table-b", "glue://db/b", "--output", "out"], s_limit);

        Assert.True(local.ExitCode == 0, local.Said);
        Assert.True(
            remote.ExitCode != 0 && remote.Said.Contains("IdExtractor.Aws", StringComparison.Ordinal),
            "the AWS assembly was there after all");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
