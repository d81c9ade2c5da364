"""Options of extract_ids beside those of the engine: the same command lines, variables and config files, in dry runs without Spark."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

from pipeline.jobs.extract_ids import misspelt
from pipeline.jobs.extract_ids.gather import Known
from support import extractor

from .spark_support import ROOT
from .twin_support import require_engine

SAMPLES = os.path.join(ROOT, "samples")
LINES = """
-q -q | -q --quiet | --quiet --quiet | --quiet=true --quiet=false | --quiet false | --quiet maybe | --quiet= | --quiet:0 | -q=true
-v -v | -v -vv | -vvv | --verbose | -v --log-level info | --log-level= info | --log-level
--id-column:id | --id-column=:id | --id-column= id | --id-column= | --id-column -x | --id-column -q | --id-column --json | --id-column=--json
--allow-empty= | --allow-empty false | --allow-empty x | --allow-empty --allow-empty | --allow-empty=1 --min-ids=0 | --allow-empty --min-ids 1
-- | -- 3 | --min-ids -- 3 | x | @x | --Quiet | --quie | --from /x | --keep-days 3
--min-ids 007 | --min-ids= | --min-ids -1 | --min-ids +1 | --min-ids 1.0 | --min-ids 9223372036854775807 | --min-ids 9223372036854775808
--max-drop-percent .5 | --max-drop-percent 5. | --max-drop-percent . | --max-drop-percent 1e1 | --max-drop-percent 100.1 | --max-drop-percent 5%%
--max-memory 64MiB | --max-memory 63.99MiB | --max-memory .5GiB | --max-memory 1gib | --max-memory 8388607.5TiB | --max-memory 8388608TiB
--max-partition-age 99999d --allow-older | --max-partition-age 10675200d | --max-partition-age 0d | --max-partition-age 1 | --max-partition-age d
--report /dev/null | --report= | --config Ref::x | --config a --config b | --config a --unknown | --config a
--table-a file:/work | --table-a FILE:///work | --table-a s3a://b/a | --table-a s3:///a | --table-a file://host/a | --table-a glue://a
--region x | --region X | --endpoint-url x | --catalog-id 1 | --assume-role x | --sse x | --lang pt-BR | --lang pt | --color never | --json=1
--stage-key a/../b | --stage-key a//b | --stage-key x --active-key x | --active-key /x | --partition x=Ref::y | --key-column-b xRef::y
"""
# A letter, and letters that are or resemble it in another case.
CASES = """
kK\u212a \u212aKk \u00b5\u03bc\u039c \u03c3\u03c2\u03a3 i\u0131\u0130I \u0131Ii\u0130 \u0130Ii\u0131 s\u017fS \u017fsS \u00e7\u00c7c \u00e3\u00c3 \u00df\u1e9es \u1e9e\u00df
\u00e5\u212b\u00c5 \u03c9\u2126\u03a9 \u01c6\u01c5\u01c4 \u1f80\u1f88 \u1fb3\u1fbc \u1fc3\u1fcc \ufb01\ufb00 \u0149n \u03b8\u03d1\u03f4\u0398 \u03b5\u03f5 \u0345\u0399\u1fbe \u10d0\u1c90
\u13a0\uab70 \u1e61\u1e9b \u0440\u0420p \U00010428\U00010400 \uff41\uff21a \u24d0\u24b6 \u0390\u1fd3 \u0250\u2c6f
"""


class OptionsBesideTheEngine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_engine()
        cls.program = extractor.program()
        cls.clean = {name: text for name, text in os.environ.items() if not name.startswith("IDEXTRACTOR_")}
        cls.server = subprocess.Popen([sys.executable, "-m", "pipeline.tests.jobs.option_server"], cwd=ROOT, env=cls.clean, text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop_server)

    @classmethod
    def stop_server(cls):
        cls.server.stdin.close()
        cls.server.wait()
        cls.server.stdout.close()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def assert_same(self, *more, environment=None):
        given = {word.partition("=")[0].partition(":")[0] for word in more}
        required = {"--table-a": os.path.join(SAMPLES, "a"), "--table-b": os.path.join(SAMPLES, "b"),
                    "--output": os.path.join(self.folder, "o"), "--dry-run": "true", "--partition": "ano_mes_dia=20251021"}
        words = [word for name, text in required.items() if name not in given for word in (name, text)] + list(more)
        with self.subTest(more, environment=environment):
            self.server.stdin.write(json.dumps([environment or {}, words]) + "\n")
            self.server.stdin.flush()
            done = subprocess.run([*self.program, "extract", *words], stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=ROOT,
                                  env={**self.clean, **(environment or {})})
            code = int(self.server.stdout.readline())
            self.assertEqual((done.returncode, done.stderr if done.returncode != code else ""), (code, ""))

    def test_lines(self):
        for line in LINES.replace("\n", "|").split("|"):
            self.assert_same(*line.split())

    def test_blank_and_broken_values(self):
        for option in ("--id-column", "--table-b", "--report", "--stage-key", "--partition", "--min-ids", "--allow-empty", "--lang", "--config"):
            for value in ("", " ", "\t", "a\nb", "a\x7f", "\u00a0", "a\u0085", "\udcff"):
                self.assert_same(f"{option}={value}")
                self.assert_same(option, value)

    def test_config_files(self):
        path = os.path.join(self.folder, "c.json")
        entries = ['"id-column": 5', '"key-width": 14', '"key-width": "14"', '"key-width": 14.0', '"max-partition-age": 2', '"from": []',
                   '"from": 1', '"keep-days": "x"', '"keep-days": true', '"allow-empty": "true"', '"allow-empty": 1', '"min-ids": null',
                   '"id-column": "\\ud800"', '"id-column": "i\\u0064"', '"min-ids": NaN', '"max-drop-percent": 1e0', '"$schema": [], "$schema": 1',
                   '"stage": "a", "stage": "b"', '"config": "x"', '"max-memory": 67108864', '"max-memory": 1e9', '"quiet": false', '"log": "json"',
                   '"x\\ud800": 1', '"region": "Ref::x"', '"id-column": "a\tb"', '"html": "/x"', '"html": 3', '"lang": "pt-BR",', "", '"a"']
        for text in [f"{{{entry}}}" for entry in entries] + ["[]", "", "1", "{} {}", "{} // x", "/* {} */", "{} /*", "{} /*/", "{} //", "\ufeff{}", "{'a': 1}"]:
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(text)
            with self.subTest(text):
                self.assert_same("--config", path)

    def test_variables(self):
        for name, text in (("IDEXTRACTOR_MIN_ID", "1"), ("IDEXTRATOR_MIN_IDS", "1"), ("ID_EXTRACTOR_MIN_IDS", "1"), ("IDEXTRACTOR_DROP_PERCENT", "1"),
                           ("IDEXTRACTOR_PARTITION_AGE", "1d"), ("idextractor_min_ids", "1"), ("IDEXTRACTOR_PROGRAM", "x"), ("IDEXTRACTOR_MIN_ID", ""),
                           ("IDEXTRACTOR_KEEP_DAYS", "x"), ("IDEXTRACTOR_FROM", "x"), ("IDEXTRACTOR_QUIET", "maybe"), ("IDEXTRACTOR_MIN_IDS", " "),
                           ("IDEXTRACTOR_CONFIG", "Ref::x"), ("IDEXTRACTOR_ID_COLUMN", "Ref::x"), ("IDEXTRACTOR_HTML", "Ref::x"), ("ID_TOKEN", "x")):
            self.assert_same(environment={name: text})

    def test_variables_GuessesFromASeed(self):
        seed = random.randrange(1 << 32)
        # The twin's own have no counterpart.
        chance, known = random.Random(seed), [name for name in Known().variables if name[len("IDEXTRACTOR_"):] not in ("PARTS", "BROADCAST_LIMIT")]
        for _ in range(40):
            name = chance.choice(known)
            for _ in range(chance.randrange(1, 4)):
                place = chance.randrange(len(name))
                name = name[:place] + chance.choice(("", chance.choice("AEIMNRST_"))) + name[place + chance.randrange(2):]
            if name not in known and "=" not in name:
                with self.subTest(seed=seed, meant=misspelt.meant_by(name, known)):
                    self.assert_same(environment={name: "x"})

    def test_outputs(self):
        file = os.path.join(self.folder, "file")
        with open(file, "w", encoding="utf-8"):
            pass
        for output in (file, file + "/x", os.path.join(self.folder, "new/new"), self.folder, os.path.join(SAMPLES, "b", "out"), SAMPLES):
            self.assert_same("--output", output)

    def test_names_of_files(self):
        data = os.path.join(SAMPLES, "b", "ano_mes_dia=20251021", "part-00000.parquet")
        for number, name in enumerate(("x\1.parquet", "x\n.parquet", "x\x7f.parquet", "x\x85.parquet", "\u00e9 #%20?.parquet", ".\1", "_x\1/y",
                                       "z\1/y.parquet", "../dia=2\1/y", "../z\1/y", "../dia=%01/y", "k" * 250)):
            table = os.path.join(self.folder, str(number))
            for path in ("y.parquet", name):
                path = os.path.join(table, "dia=20251021", path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                shutil.copy(data, path)
            self.assert_same("--table-b", table, "--partition", "dia=20251021")

    def test_file_addresses(self):
        table = os.path.join(self.folder, "b %20#1?x%")
        shutil.copytree(os.path.join(SAMPLES, "b"), table)
        for text in (table, table.replace(" ", "%20"), table.partition("#")[0], table + "//"):
            self.assert_same("--table-b", "file://" + text)

    def test_entries_that_are_no_files(self):
        def table(name, link=None):
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path))
            shutil.copy(os.path.join(SAMPLES, "b", "ano_mes_dia=20251021", "part-00000.parquet"), os.path.dirname(path))
            os.symlink(link, path) if link else os.mkfifo(path)
            return path

        for name, link in (("pipe/dia=1/p", None), ("hidden/dia=1/_p", None), ("below hidden/dia=1/_x/p", None), ("beside/p", None),
                           ("device/dia=1/p", "/dev/null"), ("circle/dia=1/p", "."), ("own circle/dia=1/p", "p")):
            table(name, link)
            self.assert_same("--table-b", os.path.join(self.folder, name.partition("/")[0]), "--partition", "dia=1")
        for name, link in (("1/a.csv", None), ("2/a.csv", "a.csv"), ("3/a.csv", "/dev/null"), ("4/a.csv", "."), ("5/a.csv", "gone")):
            self.assert_same("--table-a", table(name, link))

    def test_names_in_another_case(self):
        for name in CASES.split():
            table = os.path.join(self.folder, f"{ord(name[0]):x}")
            shutil.copytree(os.path.join(SAMPLES, "b", "ano_mes_dia=20251021"), os.path.join(table, f"x{name[0]}=20251021"))
            for other in name[1:]:
                self.assert_same("--table-b", table, "--partition", f"X{other}=20251021")
                self.assert_same("--partition", f"{name[0]}=1/{other}=2")

    def test_known_NamesOfTheEngine_AreAllThere(self):
        with open(os.path.join(ROOT, "docs", "use", "config.schema.json"), encoding="utf-8") as stream:
            names = set(json.load(stream)["properties"]) - {"$schema"}
        self.assertEqual(set(), {misspelt.variable(name) for name in names} - set(Known().variables))


if __name__ == "__main__":
    unittest.main()
