"""The upload pipeline on an emulator without Terraform: quick to make, for tests of parts and while developing.

PIPELINE_STACK=boto3 makes the suites of stack/ use it instead of an applied environment.
"""
import json
import pathlib
import re
import runpy

from .emulator import REGION, ROOT

ACCOUNT = "123456789012"
PACKAGE = ROOT / "pipeline" / "tools" / "package.py"
DEFINITION = ROOT / "pipeline" / "state_machines" / "etl_workflow.asl.json"
JOB_DEFINITION = ROOT / "docs" / "aws-batch" / "job-definition-fargate.json"
PREFIX = "raw/taxi/"
FUNCTIONS = {"etl_orchestrator": "etl-orchestrator", "validate_input": "etl-orchestrator-validate-input"}


class Stack:
    """An emulator and what is deployed on it. `outputs` has the members of the environment's Terraform outputs."""

    def __init__(self, emulator, outputs):
        self.emulator, self.outputs = emulator, outputs


def packages():
    """Name of a package -> its bytes, built from the sources as they are."""
    tool = runpy.run_path(str(PACKAGE))
    return {name: tool["archive"](files) for name, files in tool["packages"]().items()}


def definition(changes=(), **values):
    """The state machine's definition for these values of the template. `changes` are pairs of text to replace, for planted defects."""
    text = DEFINITION.read_text(encoding="utf-8")
    for old, new in changes:
        if old not in text:
            raise ValueError(f"the definition does not contain {old!r}")
        text = text.replace(old, new)
    names = set(re.findall(r"\$\{(\w+)\}", text))
    if names - set(values):
        raise ValueError(f"no value for {sorted(names - set(values))}")
    return re.sub(r"\$\{(\w+)\}", lambda found: str(values[found[1]]), text)


def deploy(emulator, checks=60, changes=()):
    """Makes buckets, functions, job, crawler, topic, queue and state machine, with a role each and without policies."""
    client = emulator.client
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = {name: client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
            for name in ("orchestrator", "validate", "states", "glue", "crawler", "batch", "job")}
    buckets = {name: f"{name}-bucket" for name in ("raw", "ids")}
    for name in buckets.values():
        client("s3").create_bucket(Bucket=name)
        client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    topic = client("sns").create_topic(Name="etl-pipeline-notifications")["TopicArn"]
    dead = client("sqs").create_queue(QueueName="etl-orchestrator-dlq")["QueueUrl"]
    client("glue").create_job(Name="job-process-taxi-data", Role=role["glue"], Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/x.py"})
    client("glue").create_crawler(Name="crawler-taxi-raw", Role=role["crawler"], DatabaseName="nyc_taxi_catalog",
                                  Targets={"S3Targets": [{"Path": f"s3://{buckets['raw']}/{PREFIX}"}]})
    queue, job_definition = batch(emulator, role)
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:etl-pipeline-workflow"
    functions = {
        "etl_orchestrator": (role["orchestrator"], {"STATE_MACHINE_ARN": machine, "INPUT_PREFIX": PREFIX}),
        "validate_input": (role["validate"], {"INPUT_PREFIX": PREFIX, "MIN_BYTES": "100", "MAX_BYTES": "10737418240"}),
    }
    built = packages()
    arns = {}
    for name, (its_role, variables) in functions.items():
        arns[name] = client("lambda").create_function(
            FunctionName=FUNCTIONS[name], Runtime="python3.11", Role=its_role, Handler="lambda_function.lambda_handler", Timeout=60, MemorySize=256,
            Code={"ZipFile": built[f"{name}.zip"]}, Environment={"Variables": variables},
            DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:etl-orchestrator-dlq"} if name == "etl_orchestrator" else {})["FunctionArn"]
    text = definition(changes, validate_function_arn=arns["validate_input"], glue_job_name="job-process-taxi-data", crawler_name="crawler-taxi-raw",
                      topic_arn=topic, job_queue_arn=queue, job_definition_arn=job_definition, ids_bucket=buckets["ids"],
                      ids_active_key="ids/active/latest.txt.gz", input_prefix=PREFIX, crawler_max_checks=checks)
    client("stepfunctions").create_state_machine(
        name="etl-pipeline-workflow", definition=text, roleArn=role["states"], tracingConfiguration={"enabled": True},
        loggingConfiguration={"level": "ALL", "includeExecutionData": True, "destinations": [{"cloudWatchLogsLogGroup": {
            "logGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/vendedlogs/states/etl-pipeline-workflow:*"}}]})
    client("s3").put_bucket_notification_configuration(Bucket=buckets["raw"], NotificationConfiguration={"LambdaFunctionConfigurations": [{
        "LambdaFunctionArn": arns["etl_orchestrator"], "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": PREFIX}]}}}]})
    return Stack(emulator, {
        "state_machine_arn": machine, "topic_arn": topic, "dlq_url": dead, "buckets": buckets, "job_queue_arn": queue, "job_definition_arn": job_definition,
        "orchestrator_function_name": FUNCTIONS["etl_orchestrator"], "validate_function_name": FUNCTIONS["validate_input"],
    })


def batch(emulator, role):
    """A queue and the Fargate job definition of docs/aws-batch. Returns the queue's ARN and the definition's without its revision."""
    ec2, batches = emulator.client("ec2"), emulator.client("batch")
    network = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="batch", Description="batch", VpcId=network)["GroupId"]
    environment = batches.create_compute_environment(
        computeEnvironmentName="idextractor-test", type="MANAGED", serviceRole=role["batch"],
        computeResources={"type": "FARGATE", "maxvCpus": 4, "subnets": [subnet], "securityGroupIds": [group]})["computeEnvironmentArn"]
    queue = batches.create_job_queue(jobQueueName="idextractor", state="ENABLED", priority=1,
                                     computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}])["jobQueueArn"]
    wanted = json.loads(pathlib.Path(JOB_DEFINITION).read_text(encoding="utf-8"))
    wanted["containerProperties"].update(jobRoleArn=role["job"], executionRoleArn=role["batch"])
    wanted["parameters"]["output"] = "s3://ids-bucket/ids/"
    return queue, batches.register_job_definition(**wanted)["jobDefinitionArn"].rpartition(":")[0]
