"""The runbook's commands as they are typed: the AWS CLI, the tool and the extractor take their words, and every alarm has a page."""
# needs: moto
import contextlib
import io
import pathlib
import re
import runpy
import shlex
import unittest

from support.requirements import needs

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
OPTIONS = (ROOT / "docs" / "use" / "options.md").read_text(encoding="utf-8")
TOOL = ROOT / "pipeline" / "tools" / "workflow.py"
ALARMS = ROOT / "pipeline" / "terraform" / "modules" / "observability" / "alarms.tf"
# Options of the AWS CLI itself, and one that it names in its own way (endpoint of sns subscribe).
OF_THE_CLI = {"--query", "--output", "--region", "--notification-endpoint"}


def commands(page=PAGE):
    """The commands of the page's shell blocks, with their lines joined; those within $( ) by themselves."""
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            inner = re.findall(r"\$\(([a-z][^()]*)\)", line)
            found += inner + [re.sub(r"\$\([a-z][^()]*\)", "VALUE", line)]
    return [words for line in found for words in split(line) if words]


def split(line):
    """The commands of a line: it may have pipes, redirections, && and assignments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&<>;")
    lexer.whitespace_split = True
    part, parts = [], []
    for word in lexer:
        if set(word) <= set("|&<>;"):
            parts.append(part)
            part = []
        else:
            part.append(word)
    return [*parts, part]


def of(program):
    return [words for words in commands() if words[: len(program)] == program]


class Aws:
    """What the AWS CLI takes and prints, by the services' published models."""

    def __init__(self):
        import botocore.session

        self._session = botocore.session.get_session()

    def problems(self, words):
        """What is wrong with `aws SERVICE OPERATION ...`, as texts."""
        import botocore
        import jmespath

        service, name = words[1], words[2]
        if service == "s3":
            return [] if name == "ls" else [f"aws s3 {name} is not known to this test"]
        model = self._session.get_service_model({"s3api": "s3"}.get(service, service))
        operations = {botocore.xform_name(operation, "-"): operation for operation in model.operation_names}
        if name not in operations:
            return [f"{service} has no {name}"]
        operation = model.operation_model(operations[name])
        members = operation.input_shape.members if operation.input_shape else {}
        taken = {"--" + botocore.xform_name(member, "-") for member in members} | OF_THE_CLI
        found = [f"{service} {name} has no {word}" for word in words[3:] if word.startswith("--") and word not in taken]
        required = {"--" + botocore.xform_name(member, "-") for member in operation.input_shape.required_members}
        found += [f"{service} {name} needs {option}" for option in sorted(required - set(words))]
        if "--query" in words:
            query = words[words.index("--query") + 1]
            found += [f"--query {query}: {text}" for text in unknown(jmespath.compile(query).parsed, operation.output_shape)]
        return found


def unknown(node, shape):
    """Names in a JMESPath expression that the shape does not have."""
    problems = []
    walk(node, shape, problems)
    return problems


def walk(node, shape, problems):
    """The shape of the expression's value; None if the model does not say."""
    kind, children = node["type"], node["children"]
    if kind == "field":
        if shape is not None and shape.type_name == "structure" and node["value"] not in shape.members:
            problems.append(f"there is no {node['value']} in {shape.name}")
            return None
        return shape.members[node["value"]] if shape is not None and shape.type_name == "structure" else None
    if kind in ("subexpression", "index_expression", "projection", "pipe"):
        for child in children:
            shape = walk(child, shape, problems)
        return shape
    if kind in ("index", "slice", "flatten"):
        inner = walk(children[0], shape, problems) if kind == "flatten" else shape
        return inner.member if inner is not None and inner.type_name == "list" else inner
    if kind in ("multi_select_list", "function_expression"):
        for child in children:
            walk(child, shape, problems)
        return None
    if kind in ("identity", "current"):
        return shape
    problems.append(f"this test does not know {kind}")
    return None


@needs("moto")
class Commands(unittest.TestCase):
    def test_aws_takes_its_commands(self):
        aws, all_of_them = Aws(), of(["aws"])
        self.assertGreater(len(all_of_them), 25)
        for words in all_of_them:
            with self.subTest(" ".join(words)):
                self.assertEqual([], aws.problems(words))

    def test_planted_defects_are_found(self):
        aws = Aws()
        for text, problem in (
            ("aws logs tail GROUP", "logs has no tail"), ("aws glue get-job-run --job JOB --run-id R", "glue get-job-run has no --job"),
            ("aws glue get-job-run --job-name JOB", "needs --run-id"),
            ("aws glue get-crawler --name C --query Crawler.Status", "there is no Status in Crawler"),
            ("aws glue get-job-runs --job-name J --query 'JobRuns[].[Id,State]'", "there is no State in JobRun"),
            ("aws batch describe-jobs --jobs J --query 'jobs[0].[status,length(tries)]'", "there is no tries in JobDetail"),
        ):
            with self.subTest(text):
                self.assertIn(problem, " | ".join(aws.problems(shlex.split(text))))

    def test_tool_takes_its_commands(self):
        read = runpy.run_path(str(TOOL))["read_options"]
        all_of_them = of(["python3", "pipeline/tools/workflow.py"])
        self.assertGreater(len(all_of_them), 6)
        for words in all_of_them:
            with self.subTest(" ".join(words)), contextlib.redirect_stderr(io.StringIO()):
                read(words[2:])
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            read(["list", "--state", "FAILED"])

    def test_extractor_has_the_options(self):
        known = set(re.findall(r"`(--[a-z-]+)", OPTIONS))
        all_of_them = of(["idextractor"])
        self.assertGreater(len(all_of_them), 5)
        for words in all_of_them:
            self.assertEqual([], [word for word in words if word.startswith("--") and word not in known], words)

    def test_nothing_else_is_typed(self):
        programs = {"aws", "python3", "idextractor", "terraform", "export", "tail", "cat", "date"}
        others = {words[0] for words in commands()} - programs
        self.assertEqual([], [word for word in sorted(others) if not re.fullmatch(r"[A-Z]+=.*|[a-z]+\.json", word)])


class Pages(unittest.TestCase):
    def test_every_alarm_has_a_row(self):
        names = re.findall(r'^    "\$\{var\.state_machine_name\}-(\w+)"|^    "(idextractor-\w+)"', ALARMS.read_text(encoding="utf-8"), re.MULTILINE)
        table = PAGE.partition("## By alarm")[2].partition("\n## ")[0]
        self.assertEqual(8, len(names))
        for of_the_machine, other in names:
            self.assertRegex(table, rf"`(etl-pipeline-workflow)?-{of_the_machine}`" if of_the_machine else f"`{other}`")
        self.assertIn("`etl-orchestrator-dlq`", table)

    def test_every_page_has_its_parts(self):
        pages = re.findall(r"^## (\d+b?)\. (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
        self.assertEqual([str(number) for number in range(1, 14)], [number for number, _, _ in pages if number != "2b"])
        for number, title, text in pages:
            with self.subTest(number=number, title=title):
                for part in ("**Symptom.**", "```", "**Over when**"):
                    self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main()
