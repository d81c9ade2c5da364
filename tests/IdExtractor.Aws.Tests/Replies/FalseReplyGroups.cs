namespace IdExtractor.Aws.Tests.Replies;

/// <summary>Replies to listings.</summary>
public sealed class FalseListingTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("ListObjectsV2", "ListMultipartUploads");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}

/// <summary>Replies to reads.</summary>
public sealed class FalseReadTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("GetObject", "HeadObject");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}

/// <summary>Replies to writes of whole objects.</summary>
public sealed class FalseWriteTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("PutObject", "CopyObject");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}

/// <summary>Replies to the first and the last request of writes in parts.</summary>
public sealed class FalseBeginTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("CreateMultipartUpload", "AbortMultipartUpload");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}

/// <summary>Replies to parts.</summary>
public sealed class FalsePartTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("UploadPart", "UploadPartCopy");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}

/// <summary>Replies to the completion of writes in parts.</summary>
public sealed class FalseCompletionTests : FalseReplyTests
{
    public static TheoryData<string, string, bool> Cases => CasesOf("CompleteMultipartUpload");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Extract_FalseReply_EndsInTimeWithTheRightFileOrNone(string operation, string fault, bool always) =>
        ExpectTheRightFileOrNoneAsync(operation, fault, always);
}
