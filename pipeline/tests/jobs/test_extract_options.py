"""Options of extract_ids and its publish command, without Spark."""
import json
import os
import tempfile
import unittest
from unittest import mock

from pipeline.jobs.common.errors import ConfigurationError, UsageError
from pipeline.jobs.common.read.aws import Aws
from pipeline.jobs.common.run.runner import _parse, main
from pipeline.jobs.extract_ids.catalog.choice import Candidate
from pipeline.jobs.extract_ids.job import JOB
from pipeline.jobs.extract_ids.publish import command
from pipeline.jobs.silver_to_gold.job import JOB as SILVER_TO_GOLD

from .spark_support import ROOT, captured

REQUIRED = ["--table-a", "/a", "--table-b", "/b", "--output", "/o"]


def parse(*more, environment=None):
    with mock.patch.dict(os.environ, environment or {}):
        return _parse(JOB, [*REQUIRED, *more])


class OptionTests(unittest.TestCase):
    def refused(self, message, *more, environment=None):
        with self.subTest(more), self.assertRaisesRegex(UsageError, message):
            parse(*more, environment=environment)

    def test_parse_Defaults_AreThoseOfTheEngine(self):
        options = parse()
        self.assertEqual((options.key_column_a, options.key_column_b, options.id_column, options.match, options.key_width,
                          options.on_bad_cpf, options.on_null_id,
                          options.on_empty_partition, options.max_rejected_percent, options.broadcast_limit),
                         ("documento", "documento", "id", "pad", 14, "reject", "fail", "fail", "50", 256 << 20))

    def test_parse_EveryOptionOfExtract_IsTaken(self):
        parse("--key-column", "c", "--partition", "ano=2025/mes=9", "--partition-a", "d=1", "--max-partition-age", "36h",
              "--allow-future-partition", "--on-bad-cpf", "fail",
              "--min-ids", "1", "--max-ids=9", "--max-drop-percent", "12.5%", "--allow-older", "true", "--skip-if-current", "--stage-key",
              "s/x.gz", "--active-key", "a/y.gz",
              "--trailing-newline", "--gzip-level", "0", "--threads", "4", "--max-memory", "1GiB", "--metrics", "emf", "--log", "json",
              "--quiet", "--path-style", "--request-payer",
              "--sse", "aws:kms", "--kms-key-id", "k", "--expected-bucket-owner", "123456789012", "--assume-role",
              "arn:aws:iam::123456789012:role/r", "--catalog-id", "123456789012",
              "--region", "sa-east-1", "--endpoint-url", "http://127.0.0.1:1", "--parts", "/p", "--broadcast-limit", "0")

    def test_parse_WrongValues_AreUsageErrors(self):
        for more in (("--match", "fuzzy"), ("--key-width", "0"), ("--key-width", "65"), ("--min-ids", "-1"), ("--partition", "x"),
                     ("--partition", "a=1/A=2"),
                     ("--max-partition-age", "0d"), ("--max-partition-age", "2w"), ("--max-drop-percent", "101"), ("--gzip-level", "10"),
                     ("--max-memory", "1MiB"),
                     ("--stage-key", "../x"), ("--parts", "glue://d/t"), ("--unknown",), ("--threads", "\u0661"),
                     ("--allow-empty", "maybe")):
            self.refused("", *more)

    def test_parse_OptionsThatContradict_AreUsageErrors(self):
        self.refused("--key-width", "--match", "concat", "--key-width", "14")
        self.refused("--min-ids", "--min-ids", "5", "--max-ids", "4")
        self.refused("--allow-empty", "--allow-empty", "--min-ids", "1")
        self.refused("same key", "--stage-key", "x", "--active-key", "x")
        self.refused("--kms-key-id", "--sse", "AES256", "--kms-key-id", "k")
        self.refused("--report", "--report", "/b/r.json")
        self.refused("--report", "--report", "/o/active/latest.txt.gz")
        self.refused("given", "--key-width", "14", "--key-width", "14")
        self.refused("Ref::table_a", "--id-column", "Ref::table_a")
        for endpoint in ("http://user:secret@host", "http://host/?q=secret", "ftp://host", "localhost", "http://", "http://[x"):
            with self.assertRaisesRegex(UsageError, "--endpoint-url") as refused:
                parse("--endpoint-url", endpoint)
            self.assertNotIn("secret@", str(refused.exception))
        for region in ("", "x y", "SA-EAST-1"):
            self.refused("--region", "--region", region)
        self.refused("--max-partition-age", "--max-partition-age", "10675200d")
        self.refused("Ref::day", "--partition", "dia=Ref::day")

    def test_parse_DocumentsInTheWrongPlace_AreNotRepeated(self):
        for more in (("111.444.777-35",), ("--x11144477735",), ("--match", "11144477735"), ("--unknown", "00011144477735"), ("12ABC344401DE35",),
                     ("111 444 777 35",), ("--report", "foo://11144477735"), ("--config", "/11144477735"), ("--unknown=ID444",)):
            with self.subTest(more), self.assertRaises((UsageError, ConfigurationError)) as refused:
                parse(*more)
            self.assertNotRegex(str(refused.exception), "444")
        for more, message in ((["--source", "s3:/11144477735"], "###########"), (["11144477735", "444"], "a word without an option"),
                              (["--x=444", "444", "--y"], "--x, --y are not known"), (["--log", "444"], r"invalid choice \(choose from 'text'")):
            with self.subTest(more), self.assertRaises(UsageError) as refused:
                _parse(SILVER_TO_GOLD, ["--source", "/s", "--target", "/t", *more] if more[0] != "--source" else [*more, "--target", "/t"])
            self.assertRegex(str(refused.exception), message)
            self.assertNotRegex(str(refused.exception), "444")

    def test_parse_TextThatDoesNotEnd_IsRefusedAtOnce(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.json")
            for text in ('{"' + '\\"' * 200_000, "/*" * 200_000, '{"id-column": "x"} /* ', '{"id-column": "x"} /*/'):
                with open(path, "w", encoding="utf-8") as stream:
                    stream.write(text)
                self.refused("not JSON", "--config", path)

    def test_parse_OutputOverAnInput_IsRefused(self):
        with self.assertRaisesRegex(UsageError, "same folder"):
            _parse(JOB, ["--table-a", "/a", "--table-b", "/b/", "--output", "/b"])
        for a, b, output in (("/a", "/b", "/b/_out"), ("/a", "/b/dia=20251022/", "/b/out"), ("/a", "s3://b/t", "s3://b/t/out"),
                             ("/o/stage", "/b", "/o"), ("/o/active/latest.txt.gz", "/b", "/o")):
            with self.subTest(output, a=a, b=b), self.assertRaisesRegex(UsageError, "--output"):
                _parse(JOB, ["--table-a", a, "--table-b", b, "--output", output])
        _parse(JOB, ["--table-a", "/data/a.csv", "--table-b", "/data/b", "--output", "/data/out"])

    def test_parse_FormsOfTheEngine_AreTaken(self):
        for more, quiet in ((("-q",), True), (("--quiet=true",), True), (("--quiet=0",), False), (("-v",), False), (("-vv", "-q"), True)):
            with self.subTest(more):
                self.assertEqual(quiet, parse(*more).quiet)
        self.assertEqual(14, parse("--key-width", "0" * 30 + "14").key_width)
        self.refused("--quiet", "--quiet=maybe")
        self.refused("--quiet", environment={"IDEXTRACTOR_QUIET": "maybe"})

    def test_parse_SampleConfigOfTheEngine_IsTaken(self):
        options = parse("--config", os.path.join(ROOT, "docs", "use", "config.sample.json"))
        self.assertEqual("2d", str(options.max_partition_age.days) + "d")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.json")
            with open(path, "w", encoding="utf-8") as stream:
                stream.write('/* one */ {"id-column": "a//b /* c */ \\" // d", // two\n"keep-days": 3, "html": "x"} // three')
            self.assertEqual('a//b /* c */ " // d', parse("--config", path).id_column)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write('{"max-drop-percent": 0.00001, "min-ids": 3}')
            self.assertEqual(("0.00001", 3), (parse("--config", path).max_drop_percent, parse("--config", path).min_ids))
            with open(path, "w", encoding="utf-8") as stream:
                stream.write('{"max-drop-percent": 1e1}')
            self.refused("--max-drop-percent", "--config", path)

    def test_parse_EnvironmentAndConfig_ComeAfterTheCommandLine(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.json")
            with open(path, "w", encoding="utf-8") as stream:
                json.dump({"id-column": "config", "key-width": 11, "min-ids": 3, "allow-older": True, "stage": "other"}, stream)
            options = parse("--config", path, "--min-ids", "5", environment={"IDEXTRACTOR_KEY_WIDTH": "12"})
            self.assertEqual((options.id_column, options.key_width, options.min_ids, options.allow_older), ("config", 12, 5, True))
            for content in ("[]", "{", '{"x": 1}', '{"key-width": []}', '{"allow-older": "true"}', '{"id-column": true}',
                            '{"id-column": "a", "id-column": "b"}'):
                with open(path, "w", encoding="utf-8") as stream:
                    stream.write(content)
                self.refused("config file", "--config", path)
            with self.assertRaises(ConfigurationError):
                parse("--config", path + "x")

    def test_parse_RequiredOptions_MayComeFromTheEnvironment(self):
        environment = {"IDEXTRACTOR_TABLE_A": "/a", "IDEXTRACTOR_TABLE_B": "/b"}
        with mock.patch.dict(os.environ, environment):
            self.assertEqual(_parse(JOB, ["--output", "/o"]).table_b, "/b")
        with self.assertRaisesRegex(UsageError, "--table-a, --table-b"):
            _parse(JOB, ["--output", "/o"])


class AwsTests(unittest.TestCase):
    ROLE = "arn:aws:iam::123456789012:role/r"

    def setUp(self):
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        environment = mock.patch.dict(os.environ, keys)
        environment.start()
        self.addCleanup(environment.stop)

    def request(self, operation, *options, **more):
        """The (URL, headers) with which an operation would be sent."""
        seen, client = [], Aws(parse("--region", "sa-east-1", *options)).s3
        reply = mock.Mock(status_code=200), {}
        client.meta.events.register("before-call.s3", lambda params, **_: seen.append((params["url"], params["headers"])) or reply)
        getattr(client, operation)(Bucket="ids", Key="k", **more)
        return seen[0]

    def test_requests_HaveWhatTheOptionsAsk(self):
        given = ("--path-style", "--request-payer", "--expected-bucket-owner", "123456789012", "--kms-key-id", "k")
        url, headers = self.request("get_object", *given)
        self.assertEqual((url, headers["x-amz-request-payer"], headers["x-amz-expected-bucket-owner"]),
                         ("https://s3.sa-east-1.amazonaws.com/ids/k", "requester", "123456789012"))
        _, headers = self.request("put_object", *given, Body=b"x")
        sse = "x-amz-server-side-encryption"
        self.assertEqual((headers[sse], headers[f"{sse}-aws-kms-key-id"]), ("aws:kms", "k"))
        url, headers = self.request("get_object")
        self.assertEqual((url, "x-amz-request-payer" in headers), ("https://ids.s3.sa-east-1.amazonaws.com/k", False))

    def test_role_OfAssumeRole_IsAssumedWithTheOwnCredentials(self):
        reply = {"Credentials": {"AccessKeyId": "role", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2999-01-01T00:00:00Z"}}
        with mock.patch("botocore.client.BaseClient._make_api_call", return_value=reply) as call:
            credentials = Aws(parse("--region", "sa-east-1", "--assume-role", self.ROLE)).s3._request_signer._credentials
            self.assertEqual(credentials.get_frozen_credentials().access_key, "role")
        self.assertEqual(call.call_args[0], ("AssumeRole", {"RoleArn": self.ROLE, "RoleSessionName": "idextractor"}))

    def test_connector_OfSpark_GetsWhatItHasSettingsFor(self):
        prefix = "spark.hadoop.fs.s3a."
        self.assertEqual(parse().spark_conf, [])
        options = parse("--path-style", "--request-payer", "--sse", "aws:kms", "--kms-key-id", "k", "--spark-conf",
                        f"{prefix}encryption.key=other")
        self.assertEqual(sorted(options.spark_conf), [(prefix + name, value) for name, value in (
            ("encryption.algorithm", "SSE-KMS"), ("encryption.key", "other"), ("path.style.access", "true"),
            ("requester.pays.enabled", "true"))])


class RefusedTests(unittest.TestCase):
    """Options that are refused: where the report goes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        return path

    def refused(self, *arguments, environment=None, job=JOB):
        with mock.patch.dict(os.environ, environment or {}), captured():
            self.assertEqual(main(job, list(arguments)), 2)

    def exit_code_in(self, path):
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)["exit_code"]

    def test_report_NamedElsewhere_IsWrittenOnUsageErrors(self):
        report = self.path("r.json")
        config, broken = self.path("c.json", json.dumps({"report": report})), self.path("d.json", "[]")
        for arguments, environment in ((["--unknown"], {"IDEXTRACTOR_REPORT": report}), (["--config", config, "--unknown"], {}),
                                       ([*REQUIRED, "--config", broken], {"IDEXTRACTOR_REPORT": report}),
                                       (["--output", self.folder], {"IDEXTRACTOR_CONFIG": config})):
            with self.subTest(arguments):
                self.refused(*arguments, environment=environment)
                self.assertEqual(self.exit_code_in(report), 2)
                os.unlink(report)

    def test_report_ThatNamesAnInputOrAnOutput_ReplacesNothing(self):
        cpfs = self.path("list.csv", "11144477735")
        active = self.path("latest.gz", "ids")
        self.refused("--table-a", cpfs, "--table-b", self.path("b"), "--output", self.path("o"), "--report", cpfs)
        self.refused("--table-a", cpfs, "--table-b", self.path("b"), f"--output={self.folder}", "--active-key", "latest.gz", "--report",
                     active)
        self.refused("--source", self.folder, "--target", "/x", "--report", self.path("new.json"), job=SILVER_TO_GOLD)
        self.assertEqual(sorted(os.listdir(self.folder)), ["latest.gz", "list.csv"])
        for path, content in ((cpfs, "11144477735"), (active, "ids")):
            with open(path, encoding="utf-8") as stream:
                self.assertEqual(stream.read(), content)


class PublishTests(unittest.TestCase):
    def test_command_PlainRun_NamesPartsPartitionAndCount(self):
        candidate = Candidate("20251022", None, None, "ano_mes_dia=20251022")
        self.assertEqual(command(parse(), candidate, "/o/parts/r/", 7),
                         ["publish", "--from", "/o/parts/r/", "--id-column", "id", "--output", "/o", "--partition", "ano_mes_dia=20251022",
                          "--min-ids", "7", "--max-ids", "7"])

    def test_command_NoPartition_HasNone(self):
        self.assertNotIn("--partition", command(parse(), Candidate("unpartitioned", None), "/p", 7))

    def test_command_GivenOptions_AreHandedOn(self):
        options = parse("--max-drop-percent", "20%", "--allow-older", "--skip-if-current", "--stage-key", "s", "--active-key", "a",
                        "--trailing-newline", "--gzip-level", "0",
                        "--endpoint-url", "http://h", "--region", "sa-east-1", "--path-style", "--sse", "aws:kms", "--kms-key-id", "k",
                        "--min-ids", "1", "--on-null-id", "drop")
        self.assertEqual(command(options, Candidate("unpartitioned", None), "/p", 7)[7:],
                         ["--min-ids", "7", "--max-ids", "7", "--max-drop-percent", "20%", "--allow-older", "--skip-if-current",
                          "--stage-key", "s", "--active-key", "a",
                          "--trailing-newline", "--gzip-level", "0", "--endpoint-url", "http://h", "--region", "sa-east-1", "--path-style",
                          "--sse", "aws:kms", "--kms-key-id", "k"])

    def test_command_OptionsOfTheDisplay_AreNotHandedOn(self):
        options = parse("--json", "--color", "never", "--report-html", "r.html", "--lang", "pt-BR", "--threads", "4", "--metrics", "emf")
        self.assertEqual(command(options, Candidate("unpartitioned", None), "/p", 7)[7:], ["--min-ids", "7", "--max-ids", "7"])

    def test_command_AllowEmpty_IsHandedOnWithAnEmptyResultOnly(self):
        # With a minimum above 0 the engine refuses --allow-empty as a contradiction.
        options = parse("--allow-empty")
        self.assertIn("--allow-empty", command(options, Candidate("unpartitioned", None), "/p", 0))
        self.assertNotIn("--allow-empty", command(options, Candidate("unpartitioned", None), "/p", 1))


if __name__ == "__main__":
    unittest.main()
