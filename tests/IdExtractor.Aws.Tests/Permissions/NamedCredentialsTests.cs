using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using Microsoft.Extensions.Time.Testing;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>How often the source of credentials is asked.</summary>
public sealed class NamedCredentialsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Source _source = new();

    /// <summary>The signer of each request asks so, on a thread that others need.</summary>
    [Fact]
    public async Task GetCredentials_RightAfterAnAwaitedAnswer_GivesItWithoutWaiting()
    {
        var named = new NamedCredentials(_source, TimeSpan.FromSeconds(30), _clock);
        var awaited = await named.GetCredentialsAsync();
        _source.Hangs = true;

        Assert.Same(awaited, named.GetCredentials());
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task GetCredentials_LongAfterTheLastAnswer_AsksAgain()
    {
        var named = new NamedCredentials(_source, TimeSpan.FromSeconds(30), _clock);
        var awaited = await named.GetCredentialsAsync();
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.NotSame(awaited, named.GetCredentials());
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task GetCredentialsAsync_AtAnyTime_AsksTheSource()
    {
        var named = new NamedCredentials(_source, TimeSpan.FromSeconds(30), _clock);
        Assert.NotSame(await named.GetCredentialsAsync(), await named.GetCredentialsAsync());
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public void GetCredentials_WithoutAnAwaitedAnswer_AsksTheSource()
    {
        var named = new NamedCredentials(_source, TimeSpan.FromSeconds(30), _clock);
        Assert.Equal("key 1", named.GetCredentials().AccessKey);
    }

    private sealed class Source : AWSCredentials
    {
        public bool Hangs { get; set; }

        public int Asked { get; private set; }

        public override ImmutableCredentials GetCredentials()
        {
            Assert.False(Hangs, "The source is asked.");
            return new ImmutableCredentials($"key {++Asked}", "secret", null);
        }

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
    }
}
