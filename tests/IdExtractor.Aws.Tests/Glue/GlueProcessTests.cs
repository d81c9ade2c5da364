using System.Net;
using System.Net.Sockets;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Aws.Tests.Jobs;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>
/// The program reports a catalog that it cannot reach with exit code 3 and one line.
/// </summary>
public sealed class GlueProcessTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly Dictionary<string, string> s_known = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "key",
        ["AWS_SECRET_ACCESS_KEY"] = "secret",
        ["AWS_REGION"] = EmulatorFixture.Region
    };

    [EmulatorFact]
    public async Task Extract_NoSuchDatabase_NamesOperationTableAndRequest()
    {
        var end = await RunAsync(s_known, emulator.Address);

        AssertRefused(end, "GetTable", "glue://nowhere/a", "there is no such database", "request ");
    }

    [Fact]
    public async Task Extract_NoCredentials_SaysHowToGiveThem() =>
        AssertRefused(
            await RunAsync(new() { ["AWS_REGION"] = EmulatorFixture.Region }, ClosedPort()), "no AWS credentials", "AWS_ACCESS_KEY_ID");

    [Fact]
    public async Task Extract_NoRegion_SaysHowToGiveIt() =>
        AssertRefused(
            await RunAsync(new() { ["AWS_ACCESS_KEY_ID"] = "key", ["AWS_SECRET_ACCESS_KEY"] = "secret" }, null), "no AWS region",
            "--region");

    [Fact]
    public async Task Extract_WrongEndpoint_SaysSo() =>
        AssertRefused(
            await RunAsync(s_known, ClosedPort()), "GetTable", "glue://nowhere/a", "the endpoint cannot be reached", "--endpoint-url");

    private static Task<ProcessEnd> RunAsync(Dictionary<string, string> environment, Uri? endpoint)
    {
        string[] words = ["plan", "--table-a", "glue://nowhere/a", "--table-b", "glue://nowhere/b"];
        return BuiltProgram.RunAsync(
            environment, endpoint is null ? words : [.. words, "--endpoint-url", endpoint.ToString(), "--path-style"]);
    }

    private static void AssertRefused(ProcessEnd end, params string[] said)
    {
        Assert.True(end.ExitCode == 3, $"exit code {end.ExitCode}; it said: {end.Said}");
        Assert.Single(end.Said.Trim().Split('\n'));
        Assert.All(said, words => Assert.Contains(words, end.Said, StringComparison.Ordinal));
    }

    /// <summary>An address without a listener.</summary>
    private static Uri ClosedPort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}");
    }
}
