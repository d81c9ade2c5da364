using IdExtractor.Aws.Glue;
using IdExtractor.Core.Catalog;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>How the catalog handles answers that no emulator gives.</summary>
public sealed class GlueCatalogFaultTests
{
    [Theory]
    [InlineData("EntityNotFoundException", "Database nowhere not found.", "there is no such database", "--region")]
    [InlineData("EntityNotFoundException", "Table nowhere not found.", "there is no such table", "--region")]
    [InlineData("EntityNotFoundException", "Entity Not Found", "there is no such table", "catalog id")]
    [InlineData("AccessDeniedException",
        "User: arn:aws:iam::1:user/u is not authorized to perform: glue:GetTable on resource: arn:aws:glue:sa-east-1:1:catalog",
            "access is denied", "allow glue:GetTable")]
    [InlineData("AccessDeniedException", "Insufficient Lake Formation permission(s): Required Describe on t", "Lake Formation denies it",
        "grant DESCRIBE and SELECT")]
    [InlineData("GlueEncryptionException", "", "the catalog's KMS key cannot be used", "kms:Decrypt")]
    [InlineData("ExpiredTokenException", "", "the credentials have expired", "get new ones")]
    [InlineData("UnrecognizedClientException", "", "the credentials are not known", "AWS_ACCESS_KEY_ID")]
    [InlineData("InvalidSignatureException", "", "the signature is wrong", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("FederationSourceException", "", "federation source", "connection")]
    [InlineData("InvalidInputException", "", "the service refuses it", "")]
    public async Task GetTable_Refused_IsAConfigurationErrorInOneLine(string code, string message, string problem, string advice)
    {
        using var scene = new GlueScene((_, _) => GlueScene.Error(code, message));

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync());

        var line = error.ToLine();
        Assert.Contains("GetTable", line, StringComparison.Ordinal);
        Assert.Contains("glue://db/t", line, StringComparison.Ordinal);
        Assert.Contains("request-1", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
        Assert.Single(scene.Service.Asked);
    }

    [Theory]
    [InlineData("ThrottlingException", 400, 3)]
    [InlineData("InternalServiceException", 500, 3)]
    [InlineData("OperationTimeoutException", 400, 3)]
    [InlineData("ServiceUnavailable", 503, 3)]
    [InlineData("ResourceNotReadyException", 400, 1)]
    [InlineData("FederationSourceRetryableException", 400, 1)]
    public async Task GetTable_PassingTrouble_IsWorthAnotherRun(string code, int status, int asked)
    {
        using var scene = new GlueScene((_, _) => GlueScene.Error(code, status: status));

        var error = await Assert.ThrowsAsync<TransientException>(() => scene.SelectAsync());

        Assert.Equal(ExitCode.Transient, error.ExitCode);
        Assert.Equal(asked, scene.Service.Asked.Count);
    }

    [Fact]
    public async Task GetTable_ThrottledOnce_IsAskedAgain()
    {
        var asked = 0;
        using var scene = new GlueScene((operation, _) => operation switch
        {
            "GetTable" when asked++ == 0 => GlueScene.Error("ThrottlingException"),
            "GetTable" => (200, GlueScene.Table(keys: "[]")),
            _ => throw new InvalidOperationException(),
        });

        Assert.False((await scene.SelectAsync()).IsPartitioned);
        Assert.Equal(2, scene.Service.Asked.Count);
    }

    [Theory]
    [InlineData(""" "TableType":"VIRTUAL_VIEW" """, "a view")]
    [InlineData(""" "IsMaterializedView":true """, "a view")]
    [InlineData(""" "FederatedTable":{"ConnectionName":"c"} """, "a federated table")]
    [InlineData(""" "Parameters":{"table_type":"ICEBERG"} """, "an Iceberg table")]
    [InlineData(""" "Parameters":{"Table_Type":"iceberg"} """, "an Iceberg table")]
    [InlineData(""" "Parameters":{"table_type":"DELTA"} """, "a Delta Lake table")]
    [InlineData(""" "Parameters":{"spark.sql.sources.provider":"delta"} """, "a Delta Lake table")]
    [InlineData(""" "Parameters":{"classification":"hudi"} """, "a Hudi table")]
    [InlineData(""" "Parameters":{"classification":"csv"} """, "'csv'")]
    public async Task GetTable_NotAFolderOfParquet_IsRefusedClearly(string members, string found)
    {
        using var scene = new GlueScene((_, _) => (200, GlueScene.Table(members)));

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync());

        Assert.Contains(found, error.ToLine(), StringComparison.Ordinal);
        Assert.Equal("glue://db/t", error.Place.Object);
    }

    [Theory]
    [InlineData(null, "org.apache.hadoop.mapred.SymlinkTextInputFormat", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "manifests")]
    [InlineData("s3://b/t", "org.apache.hudi.hadoop.HoodieParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "a Hudi table")]
    [InlineData("s3://b/t", "org.apache.hadoop.mapred.TextInputFormat", "org.openx.data.jsonserde.JsonSerDe", "JsonSerDe")]
    [InlineData("s3://b/t", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcSerde", "OrcSerde")]
    [InlineData("", null, null, "without a Location")]
    [InlineData(null, null, null, "without a Location")]
    public void EnsureReadable_OtherStorage_IsRefusedClearly(string? location, string? format, string? library, string found)
    {
        var table = new GlueTable { Storage = new GlueStorage(location ?? (format is null ? null : "s3://b/t"), format, library) };
        Assert.Contains(
            found,
            Assert.Throws<ConfigurationException>(() => GlueTableKind.EnsureReadable(new GlueTableName(null, "db", "t"), table)).ToLine(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", null)]
    [InlineData(null, null, "parquet")]
    [InlineData("org.apache.hadoop.mapred.SequenceFileInputFormat", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "parquet")]
    [InlineData(null, null, null)]
    public void EnsureReadable_Parquet_IsTaken(string? format, string? library, string? provider)
    {
        var parameters = provider is null ? [] : new Dictionary<string, string> { ["spark.sql.sources.provider"] = provider };
        GlueTableKind.EnsureReadable(
            new GlueTableName(null, "db", "t"),
            new GlueTable { Storage = new GlueStorage("s3://b/t", format, library), Parameters = parameters });
    }

    [Fact]
    public async Task ListPartitions_TokenThatRepeats_EndsTheRun()
    {
        using var scene = new GlueScene(
            (operation, _) => (200, operation == "GetTable" ? GlueScene.Table() : """{"Partitions":[],"NextToken":"again"}"""));

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync());

        Assert.Contains("repeat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPartitions_EmptyPageWithAToken_GoesOn()
    {
        using var scene = new GlueScene((operation, body) => (200, operation switch
        {
            "GetTable" => GlueScene.Table(),
            _ when body.TryGetProperty(
                "NextToken",
                out _) => """{"Partitions":[{"Values":["20251022"],"StorageDescriptor":{"Location":"s3://bucket/t/k=20251022"}}]}""",
            _ => """{"Partitions":[],"NextToken":"more"}""",
        }));

        // Every segment returns the same partition here.
        await Assert.ThrowsAsync<InputDataException>(() => scene.SelectAsync());
        Assert.Equal(9, scene.Service.Asked.Count);
    }

    [Theory]
    [InlineData("InvalidInputException")]
    [InlineData("InvalidStateException")]
    public async Task ListPartitions_ExpressionThatIsNotTaken_IsLeftOut(string code)
    {
        using var scene = new GlueScene((operation, body) => operation switch
        {
            "GetTable" => (200, GlueScene.Table()),
            _ when body.TryGetProperty("Expression", out _) => GlueScene.Error(code),
            _ when body.GetProperty("Segment").GetProperty("SegmentNumber").GetInt32() == 0 =>
                (
                    200,
                    """{"Partitions":[{"Values":["20251021"],"StorageDescriptor":{"Location":"s3://bucket/a"}},{"Values":["20251022"],"StorageDescriptor":{"Location":"s3://bucket/b"}}]}"""),
            _ => (200, """{"Partitions":[]}"""),
        });

        Assert.Equal("20251021", Assert.Single((await scene.SelectAsync("k=20251021")).Candidates).SourcePartition);
    }

    [Fact]
    public async Task ListPartitions_DeniedForPartitions_NamesTheAction()
    {
        using var scene = new GlueScene(
            (operation, _) => operation == "GetTable"
                ? (200, GlueScene.Table())
                : GlueScene.Error("AccessDeniedException", "not authorized"));

        Assert.Contains(
            "allow glue:GetPartitions", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync())).ToLine(),
            StringComparison.Ordinal);
        Assert.Contains(
            "allow glue:GetPartition on", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync("k=text"))).ToLine(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPartitions_NoLocation_NamesThePartition()
    {
        using var scene = new GlueScene(
            (operation, _) => (200, operation == "GetTable" ? GlueScene.Table() : """{"Partitions":[{"Values":["20251022"]}]}"""));

        Assert.Contains(
            "20251022", (await Assert.ThrowsAsync<InputDataException>(() => scene.SelectAsync())).ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPartitions_OtherNumberOfValues_IsSkippedWithAWarning()
    {
        using var scene = new GlueScene((operation, body) => (200, operation switch
        {
            "GetTable" => GlueScene.Table(),
            _ when body.GetProperty("Segment").GetProperty("SegmentNumber").GetInt32() == 0 =>
                """{"Partitions":[{"Values":["20251022"],"StorageDescriptor":{"Location":"s3://b/a"}},{"Values":["20251023","9"],"StorageDescriptor":{"Location":"s3://b/b"}}]}""",
            _ => """{"Partitions":[]}""",
        }));

        var selection = await scene.SelectAsync();

        Assert.Equal("20251022", Assert.Single(selection.Candidates).SourcePartition);
        Assert.True(Assert.Single(selection.Skipped).IsWarning);
    }

    [Fact]
    public async Task GetTable_CatalogId_GoesIntoEveryCall()
    {
        using var scene = new GlueScene((operation, _) => (200, operation == "GetTable" ? GlueScene.Table() : """{"Partitions":[]}"""));
        var catalog = scene.Catalog("glue://db/t?catalog=210987654321");

        var table = await catalog.GetTableAsync(CancellationToken.None);
        await foreach (var _ in catalog.ListPartitionsAsync(null, CancellationToken.None))
            Assert.Fail("no partition was told");

        Assert.Equal("glue://db/t?catalog=210987654321", table.Name);
        Assert.Equal(5, scene.Service.Asked.Count);
        Assert.All(scene.Service.Asked, asked => Assert.Equal("210987654321", asked.Body.GetProperty("CatalogId").GetString()));
    }

    [Fact]
    public async Task GetTable_ResourceLink_IsFollowed()
    {
        const string Link =
            """{"Table":{"Name":"t","TargetTable":{"CatalogId":"999999999999","DatabaseName":"other","Name":"real","Region":"sa-east-1"}}}""";
        using var scene = new GlueScene((_, body) => (200, body.GetProperty("DatabaseName")
            .GetString() == "db" ? Link : GlueScene.Table(keys: "[]").Replace("\"t\"", "\"real\"", StringComparison.Ordinal)));

        Assert.Equal("glue://other/real?catalog=999999999999", (await scene.SelectAsync()).Table);
    }

    [Theory]
    [InlineData("s3://bucket/warehouse/t", null, "s3://bucket/warehouse/t")]
    [InlineData("s3://bucket/warehouse/t", "s3://bucket/other", "s3://bucket/warehouse/t")]
    [InlineData("s3://bucket/warehouse/t-__PLACEHOLDER__", "s3://bucket/warehouse/t", "s3://bucket/warehouse/t")]
    [InlineData("s3://bucket/warehouse/t-__PLACEHOLDER__/", "s3a://bucket/t", "s3a://bucket/t")]
    [InlineData("file:/tmp/t-__PLACEHOLDER__", "s3://bucket/t", "s3://bucket/t")]
    public void DataLocation_PlaceholderOfSpark_IsThePath(string location, string? path, string expected) =>
        Assert.Equal(expected, GlueTableKind.DataLocation(new GlueTableName(null, "db", "t"), new GlueStorage(location, null, null, path)));

    [Fact]
    public void DataLocation_PlaceholderWithoutPath_IsRefusedNamingBoth()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => GlueTableKind.DataLocation(
                new GlueTableName(null, "db", "t"), new GlueStorage("s3://bucket/t-__PLACEHOLDER__", null, null)));

        Assert.Contains("'path'", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("s3://bucket/t-__PLACEHOLDER__", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetTable_LinkToAnotherRegion_IsRefused()
    {
        using var scene = new GlueScene(
            (_, _) => (
                200,
                """{"Table":{"Name":"t","TargetTable":{"CatalogId":"999999999999","DatabaseName":"other","Name":"real","Region":"us-east-2"}}}"""));

        Assert.Contains(
            "us-east-2", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync())).ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPartitions_InjectedProjection_IsRefusedClearly()
    {
        using var scene = new GlueScene(
            (_, _) => (200, GlueScene.Table(""" "Parameters":{"projection.enabled":"true","projection.k.type":"injected"} """)));

        Assert.Contains(
            "injected", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync())).ToLine(), StringComparison.Ordinal);
        Assert.Single(scene.Service.Asked);
    }

    [Theory]
    [InlineData("""{"Partitions":[],"NextToken":"%"}""")]
    [InlineData("""{"Partitions":[{"Values":["20251022"],"StorageDescriptor":{"Location":"s3://b/a"}}],"NextToken":"%"}""")]
    [InlineData("""{"Partitions":[{"Values":["20251022"],"StorageDescriptor":{"Location":"s3://b/a"}}],"NextToken":"same"}""")]
    public async Task ListPartitions_PagesWithoutEnd_EndTheRun(string page)
    {
        var pages = 0;
        using var scene = new GlueScene((operation, _) =>
            (
                200,
                operation == "GetTable"
                    ? GlueScene.Table()
                    : page.Replace("%", $"token {Interlocked.Increment(ref pages)}", StringComparison.Ordinal)));

        Assert.Contains(
            "repeat or never end", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync())).ToLine(),
            StringComparison.Ordinal);
        Assert.InRange(scene.Service.Asked.Count, 2, 4100);
    }

    [Theory]
    [InlineData("GetTable", """{"Table":{"Name":"another","StorageDescriptor":{"Location":"s3://b/t"}}}""")]
    [InlineData("GetPartition", """{"Partition":{"Values":["another"],"StorageDescriptor":{"Location":"s3://b/a"}}}""")]
    [InlineData("GetPartition", """{"Partition":{}}""")]
    [InlineData("GetPartitions", "<html>Please log in</html>")]
    [InlineData("GetPartitions", """{"Partitions":{}}""")]
    [InlineData("GetPartitions", """{"Partitions":[{"Values":[1]}]}""")]
    [InlineData("GetPartitions", """{"Partitions":[{"Values":["a"]""")]
    [InlineData("GetPartitions", "")]
    public async Task AnyCall_AnswerToAnotherQuestion_IsTheServicesFault(string operation, string body)
    {
        using var scene = new GlueScene((asked, _) => (200, asked == operation ? body : GlueScene.Table()));

        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => scene.SelectAsync(operation == "GetPartition" ? "k=text" : null));
        Assert.Contains("does not match the request", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"Table":[]}""")]
    public async Task GetTable_AnswerThatIsNone_IsAnErrorOfTheService(string body)
    {
        using var scene = new GlueScene((_, _) => (200, body));

        Assert.Contains(
            "--endpoint-url", (await Assert.ThrowsAsync<ConfigurationException>(() => scene.SelectAsync())).ToLine(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("glue://db")]
    [InlineData("glue:///t")]
    [InlineData("glue://db/t/x")]
    [InlineData("glue://db/t?catalog=")]
    [InlineData("glue://db/t?other=1")]
    [InlineData("s3://db/t")]
    public void Parse_NoTable_IsUsage(string reference) => Assert.Throws<UsageException>(() => GlueCatalogs.Parse(reference, null));

    [Fact]
    public void Parse_CatalogOption_IsForReferencesWithoutOne()
    {
        Assert.Equal("1", GlueCatalogs.Parse("glue://db/t", "1").CatalogId);
        Assert.Equal("2", GlueCatalogs.Parse("glue://db/t?catalog=2", "1").CatalogId);
    }
}
