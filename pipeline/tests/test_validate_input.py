"""The function that checks an upload, as its package runs on the emulator."""
# needs: moto
# seconds: 19
import json
import unittest

from support.requirements import needs

BUCKET = "raw-bucket"


@needs("moto")
class ValidateInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from support import deployment
        from support.emulator import Emulator

        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.lambdas, cls.s3 = cls.emulator.client("lambda"), cls.emulator.client("s3")
        role = cls.emulator.client("iam").create_role(RoleName="validate", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        cls.lambdas.create_function(
            FunctionName="validate", Runtime="python3.11", Role=role, Handler="lambda_function.lambda_handler", Timeout=60,
            Code={"ZipFile": deployment.packages()["validate_input.zip"]},
            Environment={"Variables": {"INPUT_PREFIX": "raw/taxi/", "MIN_BYTES": "100", "MAX_BYTES": "300"}})
        cls.s3.create_bucket(Bucket=BUCKET)

    def setUp(self):
        self.emulator.forget()

    def invoke(self, event):
        reply = self.lambdas.invoke(FunctionName="validate", Payload=json.dumps(event).encode())
        return "FunctionError" in reply, json.loads(reply["Payload"].read())

    def put(self, key, size):
        return self.s3.put_object(Bucket=BUCKET, Key=key, Body=b"x" * size)

    def check(self, event, reason, *words):
        failed, answer = self.invoke(event)
        self.assertFalse(failed, answer)
        self.assertEqual({"isValid", "reason", "message", "metadata"}, set(answer))
        self.assertEqual((reason is None, reason), (answer["isValid"], answer["reason"]))
        self.assertEqual({"bucket", "key", "size", "eTag", "versionId"}, set(answer["metadata"]))
        for word in words:
            self.assertIn(word, answer["message"])
        return answer["metadata"]

    def test_valid_object_has_its_own_metadata(self):
        etag = self.put("raw/taxi/a b+é.csv", 200)["ETag"].strip('"')
        found = self.check({"bucket": BUCKET, "key": "raw/taxi/a b+é.csv", "size": 7, "eTag": "other", "versionId": "v9"}, None)
        self.assertEqual({"bucket": BUCKET, "key": "raw/taxi/a b+é.csv", "size": 200, "eTag": etag, "versionId": None}, found)

    def test_version_is_that_of_the_object(self):
        self.s3.create_bucket(Bucket="versioned")
        self.s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
        self.s3.put_object(Bucket="versioned", Key="raw/taxi/v.csv", Body=b"x" * 150)
        version = self.s3.put_object(Bucket="versioned", Key="raw/taxi/v.csv", Body=b"x" * 200)["VersionId"]
        self.assertEqual(version, self.check({"bucket": "versioned", "key": "raw/taxi/v.csv", "versionId": "old"}, None)["versionId"])
        self.s3.delete_object(Bucket="versioned", Key="raw/taxi/v.csv")
        self.check({"bucket": "versioned", "key": "raw/taxi/v.csv", "versionId": version}, "not_found", "deleted")

    def test_missing_fields_are_named(self):
        for event in ({}, None, [], "text", 7, {"bucket": "", "key": ""}, {"bucket": 5, "key": None}):
            with self.subTest(event=event):
                found = self.check(event, "missing_field", "bucket", "key")
                self.assertEqual({"bucket": None, "key": None, "size": None, "eTag": None, "versionId": None}, found)
        self.assertEqual(BUCKET, self.check({"bucket": BUCKET}, "missing_field", "no key")["bucket"])
        self.assertEqual("raw/taxi/a.csv", self.check({"key": "raw/taxi/a.csv"}, "missing_field", "no bucket")["key"])

    def test_checks_have_an_order(self):
        self.check({"bucket": BUCKET, "key": "other/a.txt"}, "invalid_prefix", "raw/taxi/")
        self.check({"bucket": BUCKET, "key": "raw/taxi/absent.txt"}, "invalid_type", ".parquet, .csv, .csv.gz")
        self.check({"bucket": BUCKET, "key": "raw/taxi/folder.csv/"}, "invalid_type")
        self.check({"bucket": BUCKET, "key": "raw/taxi/absent.csv"}, "not_found", "raw/taxi/absent.csv")
        self.assertEqual(1, len(self.emulator.requests(operation="HeadObject")))

    def test_sizes_at_the_limits(self):
        for size, reason in ((0, "too_small"), (99, "too_small"), (100, None), (300, None), (301, "too_large")):
            with self.subTest(size=size):
                self.put("raw/taxi/size.csv", size)
                self.assertEqual(size, self.check({"bucket": BUCKET, "key": "raw/taxi/size.csv", "size": 200}, reason, str(size))["size"])

    def test_types_are_accepted_in_any_case(self):
        for key in ("raw/taxi/a.PARQUET", "raw/taxi/a.Csv", "raw/taxi/a.csv.GZ"):
            self.put(key, 200)
            self.check({"bucket": BUCKET, "key": key}, None)
        self.check({"bucket": BUCKET, "key": "raw/taxi/a.gz"}, "invalid_type")

    def test_missing_bucket_is_not_found(self):
        self.check({"bucket": "no-such-bucket", "key": "raw/taxi/a.csv"}, "not_found")
        self.check({"bucket": "not a bucket's name!", "key": "raw/taxi/a.csv"}, "not_found")

    def test_key_that_no_object_can_have_is_not_found(self):
        # S3 answers 400 to a key of more than 1024 bytes, and a lone surrogate cannot be sent at all.
        for key in ("raw/taxi/" + "x" * 1020 + ".csv", "raw/taxi/" + "é" * 510 + ".csv", "raw/taxi/\ud800.csv"):
            self.check({"bucket": BUCKET, "key": key}, "not_found")
        self.assertEqual([], self.emulator.requests(operation="HeadObject"))
        longest = "raw/taxi/" + "é" * 505 + "x.csv"
        self.assertEqual(1024, len(longest.encode()))
        self.put(longest, 200)
        self.check({"bucket": BUCKET, "key": longest}, None)

    def test_denied_access_and_service_errors_are_raised(self):
        self.put("raw/taxi/denied.csv", 200)
        for code, status, calls in (("AccessDenied", 403, 1), ("InternalError", 500, 4), ("SlowDown", 503, 4)):
            with self.subTest(code=code):
                self.emulator.forget()
                self.emulator.add_fault("s3", "HeadObject", code, status=status, times=None)
                failed, answer = self.invoke({"bucket": BUCKET, "key": "raw/taxi/denied.csv"})
                self.assertTrue(failed, answer)
                self.assertEqual("ClientError", answer["errorType"])
                self.assertEqual(calls, len(self.emulator.requests(operation="HeadObject")))

    def test_temporary_errors_are_tried_again(self):
        self.put("raw/taxi/hard.csv", 200)
        self.emulator.add_fault("s3", "HeadObject", "SlowDown", status=503, times=1)
        self.emulator.add_fault("s3", "HeadObject", action="drop", times=1)
        self.check({"bucket": BUCKET, "key": "raw/taxi/hard.csv"}, None)


if __name__ == "__main__":
    unittest.main()
