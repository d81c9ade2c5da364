"""Publishing on disk and in S3, without Spark: the lock, the conditions, what a dead run left."""
import contextlib
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from pipeline.jobs.common.errors import ConfigurationError, TemporaryError
from pipeline.jobs.common.publish import s3 as s3_publication
from pipeline.jobs.common.publish.foreign import partition_files, refuse_foreign
from pipeline.jobs.common.publish.publication import publication
from pipeline.jobs.common.read import local
from pipeline.jobs.common.read.references import place
from pipeline.jobs.common.read.stores import Stores
from . import emulator_support
from .spark_support import ROOT


def ten_keys(params, **_):
    """A listing with pages of ten keys."""
    return {**params, "MaxKeys": 10}


class Log:
    def __init__(self):
        self.lines = []

    def info(self, message):
        self.lines.append(message)

    warning = info


class Run:
    """What a publication needs of a run."""

    def __init__(self, number=1, client=None):
        self.run_id = f"20251029T110000Z-0000000{number}"
        self.log = Log()
        self.stores = Stores(type("Clients", (), {"s3": client}))


class DiskTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="idextractor-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.target = place(os.path.join(self.folder, "deep", "gold"))

    def stage(self, target, content):
        path = target.staging.child("rows/part-0.parquet").path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content)
        return target.staged("rows")[0]

    def current(self, run, path):
        return run.stores.of(self.target).stat(self.target.child(path))

    def test_publication_nothingPublished_leavesNoFolder(self):
        with publication(Run(), self.target):
            self.assertTrue(os.path.isdir(self.target.path))
        self.assertEqual([], os.listdir(self.folder))

    def test_lock_secondRun_temporaryError(self):
        with publication(Run(1), self.target), self.assertRaises(TemporaryError):
            publication(Run(2), self.target).lock()
        with publication(Run(2), self.target):
            pass

    def test_lock_ownerKilled_isFree(self):
        script = ("import sys, time; from pipeline.tests.jobs.test_publication import *\n"
                  f"p = publication(Run(1), place({self.target.text!r})); p.lock(); print('locked', flush=True); time.sleep(60)")
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as owner:
            owner.stdout.readline()
            with self.assertRaises(TemporaryError):
                publication(Run(2), self.target).lock()
            owner.kill()
            owner.wait()
        with publication(Run(2), self.target):
            pass

    def test_lock_linksToNothingAndFiles_refusedInsteadOfWaitingForFolders(self):
        for path, make in (("gold/_staging", os.symlink), ("gold", os.symlink), ("gold/_staging/lock", os.symlink),
                           ("gold/_staging", lambda _, path: open(path, "wb").close())):
            with self.subTest(path=path, make=make), tempfile.TemporaryDirectory(dir=self.folder) as folder:
                path = os.path.join(folder, path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                make("/nonexistent/x", path)
                with self.assertRaises(ConfigurationError) as caught:
                    publication(Run(), place(os.path.join(folder, "gold"))).lock()
                self.assertEqual(path, caught.exception.file)

    def test_makeFolders_folderThatAnotherRunMakesAndRemoves_isNoError(self):
        path = os.path.join(self.folder, "_staging")

        class Os:
            """The module's own `os`: other tests run beside."""

            def __getattr__(self, name):
                return getattr(os, name)

            def mkdir(self, _):
                raise FileExistsError
        with mock.patch.object(local, "os", Os()):
            local.make_folders(path)
            with self.assertRaises(ConfigurationError):
                os.symlink("nowhere", path)
                local.make_folders(path)

    def test_clean_deadRun_removed(self):
        os.makedirs(os.path.join(self.target.path, "_staging", "dead", "rows"))
        with publication(Run(), self.target):
            self.assertEqual(["lock"], os.listdir(os.path.join(self.target.path, "_staging")))

    def test_put_replaces_onlyTheVersionThatWasRead(self):
        run = Run()
        with publication(run, self.target) as target:
            target.replace({"a=1/data.parquet": self.stage(target, b"one")}, {})
            first = self.current(run, "a=1/data.parquet")
            target.replace({"a=1/data.parquet": self.stage(target, b"two")}, {"a=1/data.parquet": first})
            staged = self.stage(target, b"three")
            for wrong in (first, None):
                with self.assertRaises(TemporaryError):
                    target.put(staged, self.target.child("a=1/data.parquet"), wrong)
            with self.assertRaises(TemporaryError):
                target.put(staged, self.target.child("a=2/data.parquet"), first)
        with open(self.target.child("a=1/data.parquet").path, "rb") as stream:
            self.assertEqual(b"two", stream.read())
        self.assertEqual(["a=1"], os.listdir(self.target.path))

    @unittest.skipUnless(os.path.isdir("/dev/shm"), "one file system only")
    def test_put_anotherFileSystem_copiedAndRenamed(self):
        with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="idextractor-test-") as elsewhere, publication(Run(), self.target) as target:
            target.put(self.stage(target, b"one"), place(elsewhere).child("day/x.parquet"), None)
            self.assertEqual(["x.parquet"], os.listdir(os.path.join(elsewhere, "day")))

    def test_put_staleChecksumOfAnotherWriter_removed(self):
        run = Run()
        with publication(run, self.target) as target:
            target.replace({"a=1/data.parquet": self.stage(target, b"one")}, {})
            checksum = self.target.child("a=1/.data.parquet.crc").path
            open(checksum, "wb").close()
            target.replace({"a=1/data.parquet": self.stage(target, b"two")}, {"a=1/data.parquet": self.current(run, "a=1/data.parquet")})
        self.assertFalse(os.path.exists(checksum))

    def test_remove_lastFile_foldersGoToo(self):
        run = Run()
        with publication(run, self.target) as target:
            target.replace({"a=1/b=1/data.parquet": self.stage(target, b"one")}, {})
            target.replace({"a=2/b=1/data.parquet": self.stage(target, b"one")}, {})
            current, foreign = partition_files(run, self.target, "a=1/b=1")
            self.assertEqual([], foreign)
            target.remove([current])
        self.assertEqual(["a=2"], os.listdir(self.target.path))

    def test_foreign_visibleFilesOnly(self):
        os.makedirs(self.target.child("a=1").path)
        for name in ("data.parquet", "_SUCCESS", ".x.crc"):
            open(self.target.child(f"a=1/{name}").path, "wb").close()
        current, foreign = partition_files(Run(), self.target, "a=1")
        self.assertEqual("a=1/data.parquet", current.path)
        refuse_foreign(self.target, "a=1", foreign, adopt=False)
        open(self.target.child("a=1/part-0.parquet").path, "wb").close()
        _, foreign = partition_files(Run(), self.target, "a=1")
        with self.assertRaises(ConfigurationError):
            refuse_foreign(self.target, "a=1", foreign, adopt=False)
        refuse_foreign(self.target, "a=1", foreign, adopt=True)


    def test_folderWithTheNameOfTheFile_isRefusedEvenAdoptedAndEmpty(self):
        run = Run()
        os.makedirs(self.target.child("a=1/data.parquet").path)
        for name in (None, "part-0.parquet"):
            if name is not None:
                open(self.target.child(f"a=1/data.parquet/{name}").path, "wb").close()
            _, foreign = partition_files(run, self.target, "a=1")
            with self.assertRaises(ConfigurationError) as caught:
                refuse_foreign(self.target, "a=1", foreign, adopt=True)
            self.assertEqual(self.target.child("a=1/data.parquet").text, caught.exception.file)
            with publication(run, self.target) as target, self.assertRaises(ConfigurationError):
                target.put(self.stage(target, b"one"), self.target.child("a=1/data.parquet"), None)


class S3Tests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        emulator_support.start_emulator()
        cls.client = emulator_support.client("s3")
        cls.client.create_bucket(Bucket="publication")

    def setUp(self):
        self.target = place(f"s3://publication/{self.id().rpartition('.')[2]}/gold/")

    def stage(self, target, content, name="part-0.parquet"):
        self.client.put_object(Bucket="publication", Key=target.staging.child(f"rows/{name}").path, Body=content)
        return target.staged("rows")[0]

    def read(self, path):
        return self.client.get_object(Bucket="publication", Key=self.target.child(path).path)["Body"].read()

    def put(self, path, content):
        self.client.put_object(Bucket="publication", Key=self.target.child(path).path, Body=content)

    def current(self, path):
        return Run(client=self.client).stores.of(self.target).stat(self.target.child(path))

    def uploads(self):
        return self.client.list_multipart_uploads(Bucket="publication").get("Uploads", [])

    def test_put_newAndKnown_replaced(self):
        with publication(Run(client=self.client), self.target) as target:
            target.replace({"a=1/data.parquet": self.stage(target, b"one")}, {})
            self.assertEqual(b"one", self.read("a=1/data.parquet"))
            target.replace({"a=1/data.parquet": self.stage(target, b"two")}, {"a=1/data.parquet": self.current("a=1/data.parquet")})
        self.assertEqual(b"two", self.read("a=1/data.parquet"))
        left = self.client.list_objects_v2(Bucket="publication", Prefix=f"_staging/{self.target.path}").get("Contents", [])
        self.assertEqual([], left)

    def test_put_lostRace_temporaryErrorAndTheirs(self):
        self.put("a=1/data.parquet", b"old")
        read = self.current("a=1/data.parquet")
        self.put("a=1/data.parquet", b"theirs")
        with publication(Run(client=self.client), self.target) as target:
            staged = self.stage(target, b"ours")
            for current in (read, None):
                with self.assertRaises(TemporaryError):
                    target.put(staged, self.target.child("a=1/data.parquet"), current)
        self.assertEqual(b"theirs", self.read("a=1/data.parquet"))
        self.assertEqual([], self.uploads())

    def test_put_sdkWithoutTheParameter_sameCondition(self):
        self.put("a=1/data.parquet", b"theirs")
        members = self.client.meta.service_model.operation_model("CompleteMultipartUpload").input_shape.members
        saved = {name: members.pop(name) for name in ("IfMatch", "IfNoneMatch")}
        try:
            with publication(Run(client=self.client), self.target) as target:
                staged = self.stage(target, b"ours")
                with self.assertRaises(TemporaryError):
                    target.put(staged, self.target.child("a=1/data.parquet"), None)
                target.put(staged, self.target.child("a=2/data.parquet"), None)
        finally:
            members.update(saved)
        self.assertEqual(b"theirs", self.read("a=1/data.parquet"))
        self.assertEqual(b"ours", self.read("a=2/data.parquet"))

    def test_put_large_inParts(self):
        content = os.urandom(11 << 20)
        with publication(Run(client=self.client), self.target) as target:
            target.part_bytes = 5 << 20
            target.replace({"a=1/data.parquet": self.stage(target, content)}, {})
        self.assertEqual(content, self.read("a=1/data.parquet"))
        self.assertIn("-3", self.current("a=1/data.parquet").version)

    def test_put_replyLost_isNotAFailure(self):
        with self._losing_replies(), publication(Run(client=self.client), self.target) as target:
            target.replace({"a=1/data.parquet": self.stage(target, b"ours")}, {})
        self.assertEqual(b"ours", self.read("a=1/data.parquet"))

    @contextlib.contextmanager
    def _losing_replies(self):
        real = s3_publication._with_condition

        def losing(client, header, value):
            def send(**request):
                real(client, header, value)(**request)
                import botocore.exceptions
                raise botocore.exceptions.ReadTimeoutError(endpoint_url="x")
            return send
        s3_publication._with_condition = losing
        try:
            yield
        finally:
            s3_publication._with_condition = real

    def test_put_stagingTakenByANewerRun_temporaryError(self):
        with publication(Run(1, self.client), self.target) as older:
            staged = self.stage(older, b"older")
            with publication(Run(2, self.client), self.target) as newer:
                with self.assertRaises(TemporaryError):
                    older.put(staged, self.target.child("a=1/data.parquet"), None)
                newer.replace({"a=1/data.parquet": self.stage(newer, b"newer")}, {})
        self.assertEqual(b"newer", self.read("a=1/data.parquet"))

    def test_list_manyPages_all(self):
        # Pages of ten keys, so that few objects fill many.
        small = self.client.meta.events
        small.register("provide-client-params.s3.ListObjectsV2", ten_keys)
        self.addCleanup(small.unregister, "provide-client-params.s3.ListObjectsV2", ten_keys)
        for number in range(53):
            self.client.put_object(Bucket="publication", Key=f"{self.target.path}/a={number % 17:02d}/{number}", Body=b"x")
        store = Run(client=self.client).stores.of(self.target)
        self.assertEqual(53, len(store.list(self.target)))
        self.assertEqual([f"a={number:02d}" for number in range(17)], store.folders(self.target))

    def test_list_noSuchBucket_configurationError(self):
        with self.assertRaises(ConfigurationError):
            Run(client=self.client).stores.list(place("s3://does-not-exist-anywhere/x/"))
