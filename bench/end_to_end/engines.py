"""What does the job: this program and its peers. Each engine is a command; peers print their inner time and version as JSON."""
import json
import os
import shutil
import subprocess
import sys

from . import data

DOTNET_ENVIRONMENT = {"DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}


class Tools:
    """Programs that the benchmark needs, installed into the data folder when they are first wanted."""

    def __init__(self, root, bench, folder, say):
        self.root, self.peers, self.data, self.say = root, os.path.join(bench, "peers"), folder, say
        shared = os.path.join(os.path.dirname(root), "shared")
        self.wheels = os.environ.get("IDEXTRACTOR_PEERS", os.path.join(shared, "peers"))
        self.spark_folder = os.environ.get("IDEXTRACTOR_SPARK", os.path.join(shared, "spark"))
        self._dotnet_peers = None
        os.makedirs(folder, exist_ok=True)

    def node_modules(self):
        """The folder of the npm packages, or None."""
        modules = os.path.join(self.peers, "node_modules")
        if os.path.isdir(os.path.join(modules, "@duckdb", "node-api")):
            return modules
        if shutil.which("npm") is None:
            return None
        done = subprocess.run(["npm", "install", "--silent", "--no-save", "--no-package-lock", "--prefix", self.peers], stdout=subprocess.DEVNULL, check=False)
        return modules if done.returncode == 0 else None

    def python_with(self, module):
        """A Python that can import a module: one with the wheels of IDEXTRACTOR_PEERS (../shared/peers) where they are, else the one that runs this. None when neither can."""
        environment = os.path.join(self.data, "peers-venv")
        python = os.path.join(environment, "bin", "python")
        if not os.path.exists(python) and os.path.isdir(self.wheels):
            self.say("Installing peers for Python ...")
            subprocess.run([sys.executable, "-m", "venv", environment], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", self.wheels, "duckdb", "polars"], check=False)
        for candidate in (python, sys.executable):
            if os.path.exists(candidate) and subprocess.run([candidate, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0:
                return candidate
        return None

    def dotnet_peers(self):
        """The folder of the peers for .NET, or None."""
        folder = os.path.join(self.data, "dotnet-peers")
        if self._dotnet_peers is None:
            self.say("Publishing peers for .NET ...")
            done = self.publish(os.path.join(os.path.dirname(self.peers), "IdExtractor.Peers"), folder, check=False)
            self._dotnet_peers = done.returncode == 0
        return folder if self._dotnet_peers else None

    def publish(self, project, folder, check=True):
        """Publishes as users do; analyzers change nothing about the program and take longer than compiling it."""
        command = ["dotnet", "publish", project, "-c", "Release", "-o", folder, "-v", "quiet", "-p:RunAnalyzers=false"]
        return subprocess.run(command, check=check, stdout=subprocess.DEVNULL, env=dict(os.environ, **DOTNET_ENVIRONMENT))

    def spark(self):
        """The environment in which pyspark can be imported, or None and the reason."""
        environment = dict(os.environ, SPARK_LOCAL_IP="127.0.0.1", SPARK_PYTHON=sys.executable)
        if subprocess.run([sys.executable, "-c", "import pyspark"], capture_output=True, check=False).returncode == 0:
            return environment, None
        install = os.path.join(self.spark_folder, "install")
        if not os.path.exists(install):
            return None, "pyspark cannot be imported (pip install pyspark==3.5.6), and IDEXTRACTOR_SPARK names no folder that installs it"
        folder = os.path.join(self.data, "spark")
        subprocess.run([install, folder], check=True, stdout=subprocess.DEVNULL)
        environment.update(SPARK_HOME=os.path.join(folder, "pyspark"), PYTHONPATH=folder)
        return environment, None


class IdExtractor:
    """This program, published as users publish it."""

    sets = None

    def __init__(self, tools, app, threads=None):
        """Threads: those of the run, unless they are given."""
        self.name = "idextractor" if threads is None else f"idextractor-{threads}"
        self.threads = threads
        self.app = app or os.path.join(tools.data, "app")
        if app is None and threads is None:
            tools.say("Publishing idextractor ...")
            tools.publish(os.path.join(tools.root, "src", "IdExtractor"), self.app)

    def command(self, made, folder, threads):
        return [os.path.join(self.app, "idextractor"), "extract", "--table-a", made.table_a, "--table-b", made.table_b, "--output", folder,
                "--threads", str(self.threads or threads), "--quiet", "--report", os.path.join(folder, "report.json")]

    def ids(self, folder):
        return os.path.join(folder, "active", "latest.txt.gz")

    def tell(self, folder, _printed, _wall):
        """Inner time is the report's: from the first step to the last, the reading back and the promotion of the file among them."""
        with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
            report = json.load(file)
        return {"inner_s": report["seconds"], "version": report["versions"]["idextractor"],
                "phases_s": {phase["name"]: phase["seconds"] for phase in report["phases"]}}


class Script:
    """A peer: a command that takes the tables, the output and the threads. It runs on some sets only, if they are given."""

    def __init__(self, name, *command, sets=None):
        self.name, self._command, self.sets = name, command, sets

    def command(self, made, folder, threads):
        return [*self._command, made.table_a, made.partition, os.path.join(folder, "ids.gz"), str(threads)]

    def ids(self, folder):
        return os.path.join(folder, "ids.gz")

    def tell(self, _folder, printed, _wall):
        return json.loads(printed)


class Cat:
    """Reads all bytes and does nothing with them: no engine that reads whole files can be faster on one thread."""

    name, sets = "cat", None

    def command(self, made, _folder, _threads):
        return [shutil.which("cat"), *made.files]

    def ids(self, _folder):
        return None

    def tell(self, _folder, _printed, wall):
        return {"inner_s": wall, "version": None}


def duckdb1(tools):
    if tools.node_modules() is None:
        return None, "npm is not there, or cannot install @duckdb/node-api"
    return Script("duckdb1", shutil.which("node"), os.path.join(tools.peers, "semi_join_duckdb.mjs")), None


def by_python(module):
    def create(tools):
        python = tools.python_with(module)
        if python is None:
            return None, f"{module} cannot be imported (pip install {module})"
        return Script(module, python, os.path.join(tools.peers, f"semi_join_{module}.py")), None

    return create


def by_dotnet(name):
    def create(tools):
        folder = tools.dotnet_peers()
        if folder is None:
            return None, "bench/IdExtractor.Peers cannot be built"
        return Script(name, shutil.which("dotnet"), os.path.join(folder, "IdExtractor.Peers.dll"), name, sets=data.DOTNET_PEERS), None

    return create


PEERS = {
    "duckdb1": duckdb1, "duckdb": by_python("duckdb"), "polars": by_python("polars"), "parquetnet": by_dotnet("parquetnet"), "parquetsharp": by_dotnet("parquetsharp"),
    "cat": lambda tools: (Cat(), None),
}
