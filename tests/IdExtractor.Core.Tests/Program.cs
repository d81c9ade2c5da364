using IdExtractor.Core.Tests.Promote;

// The test runner loads this assembly as a library; as a program it is what tests start in order to
// kill it.
return args is ["publish", .. var rest] ? await PublishVictim.RunAsync(rest) : 64;
