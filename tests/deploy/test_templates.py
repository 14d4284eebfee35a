"""The templates are sound, and grant what docs/deploy.md lists and nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import hcl2
import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "deploy/cloudformation/trailsift-source.yaml"
TERRAFORM = ROOT / "deploy/terraform"


class Function(dict):
    """`!Sub text` as {"Sub": text}."""


class Loader(yaml.SafeLoader):
    pass


def function(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return Function({suffix: value})


Loader.add_multi_constructor("!", function)


def template():
    return yaml.load(TEMPLATE.read_text(), Loader)


def aslist(value):
    return value if isinstance(value, list) else [value]


def statements(document):
    """With the branches of !If, but those that are nothing."""
    found = []
    for row in document["Statement"]:
        branches = row["If"][1:] if isinstance(row, Function) and "If" in row else [row]
        found += [branch for branch in branches if "Sid" in branch or "Effect" in branch]
    return found


def documented_permissions():
    """{action: resource} of the table in the documentation."""
    page = (ROOT / "docs/deploy.md").read_text()
    rows = re.findall(r"^\| `([a-z0-9]+:[A-Za-z]+)` \| ([^|]+) \|", page, re.M)
    assert len(rows) == len(dict(rows)) > 5
    return dict(rows)


# What the documentation calls a resource, in the one language or the other.
RESOURCES = {
    "the queue": r'\{"GetAtt": "Queue\.Arn"\}|\[.aws_sqs_queue\.deliveries\.arn.\]',
    "files below `AWSLogs/`": (
        r'\{"If": \["HasPrefix", \{"Sub": "\$\{LogBucket\.Arn\}/\$\{KeyPrefix\}/AWSLogs/\*"\},'
        r' \{"Sub": "\$\{LogBucket\.Arn\}/AWSLogs/\*"\}\]\}|\[.\$\{local\.logs_arn\}/\*.\]'
    ),
    "the bucket": r'\{"GetAtt": "LogBucket\.Arn"\}|\[.aws_s3_bucket\.logs\.arn.\]',
    "`*`": r"\*|\[.\*.\]",
    "the key": r'\{"Ref": "KmsKeyArn"\}|\[.statement\.value.\]',
}


def check_grants(granted):
    wanted = documented_permissions()
    assert granted.keys() == wanted.keys()
    for action, resource in granted.items():
        assert re.fullmatch(RESOURCES[wanted[action].strip()], resource), (action, resource)


# --- CloudFormation ------------------------------------------------------------------------------


def test_cloudformation_is_linted():
    command = [Path(sys.executable).with_name("cfn-lint"), "--include-checks", "I", "--", TEMPLATE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_cloudformation_role_has_what_the_documentation_lists():
    rows = statements(template()["Resources"]["ReaderPolicy"]["Properties"]["PolicyDocument"])
    granted = {}
    for row in rows:
        assert row["Effect"] == "Allow"
        for action in aslist(row["Action"]):
            resource = row["Resource"]
            granted[action] = resource if isinstance(resource, str) else json.dumps(resource)
    check_grants(granted)


def test_cloudformation_policies_are_narrow():
    resources = template()["Resources"]
    seen = 0
    for name, resource in resources.items():
        document = resource.get("Properties", {}).get("PolicyDocument")
        for row in statements(document) if document else []:
            seen += 1
            where = f"{name} {row['Sid']}"
            if row["Effect"] == "Deny":
                assert row["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}, where
                continue
            assert not any("*" in action for action in aslist(row["Action"])), where
            assert row.get("Principal") != "*", where
            if "Principal" in row:
                # A service acts for others too: only for this trail and this topic.
                assert "aws:SourceArn" in json.dumps(row["Condition"]), where
            if row["Resource"] == "*":
                assert row["Action"] == "cloudtrail:ListPublicKeys", where
    assert seen == 12


def test_cloudformation_trail_is_whole():
    resources = template()["Resources"]
    trail = resources["Trail"]["Properties"]
    for name in (
        "IsLogging",
        "IsMultiRegionTrail",
        "IncludeGlobalServiceEvents",
        "EnableLogFileValidation",
    ):
        assert trail[name] is True, name
    assert set(resources["Trail"]["DependsOn"]) == {"LogBucketPolicy", "TopicPolicy"}
    bucket = resources["LogBucket"]
    assert bucket["DeletionPolicy"] == "Retain"
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    queue = resources["Queue"]["Properties"]
    assert queue["ReceiveMessageWaitTimeSeconds"] == 20
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"GetAtt": "DeadLetterQueue.Arn"}


# --- Terraform -----------------------------------------------------------------------------------


def terraform():
    """All files as one tree of blocks, without the quotes and ${} that the parser keeps."""
    blocks = {}
    for path in sorted(TERRAFORM.glob("*.tf")):
        with path.open() as file:
            for kind, rows in plain(hcl2.load(file)).items():
                blocks.setdefault(kind, []).extend(rows)
    return blocks


def plain(value):
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r'^"(.*)"$', r"\1", re.sub(r"^\$\{(.*)\}$", r"\1", value))
    return value


def named(blocks, kind, type_name):
    return {
        name: body
        for row in blocks[kind]
        for name, body in row.get(type_name, {}).items()
    }


def test_terraform_parses_and_every_reference_is_declared():
    blocks = terraform()
    text = "".join(path.read_text() for path in TERRAFORM.glob("*.tf"))
    variables = {name for row in blocks["variable"] for name in row}
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables
    declared = {
        (kind, name) for row in blocks["resource"] for kind, rows in row.items() for name in rows
    }
    used = set(re.findall(r"(?<![.\w])(aws_\w+)\.(\w+)", re.sub(r"data\.aws_\w+\.\w+", "", text)))
    assert used <= declared
    data = {(kind, name) for row in blocks["data"] for kind, rows in row.items() for name in rows}
    assert set(re.findall(r"data\.(aws_\w+)\.(\w+)", text)) == data
    local = {name for row in blocks["locals"] for name in row}
    assert set(re.findall(r"\blocal\.(\w+)", text)) == local


@pytest.mark.skipif(not shutil.which("terraform"), reason="needs terraform")
def test_terraform_itself_parses():
    command = ["terraform", "fmt", "-check", "-diff", str(TERRAFORM)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_terraform_role_has_what_the_documentation_lists():
    reader = named(terraform(), "data", "aws_iam_policy_document")["reader"]
    rows = reader["statement"] + [
        row for block in reader["dynamic"] for row in block["statement"]["content"]
    ]
    granted = {}
    for row in rows:
        assert row["effect"] == "Allow"
        for action in row["actions"]:
            granted[action] = str(row["resources"])
    check_grants(granted)


def test_terraform_policies_are_narrow():
    documents = named(terraform(), "data", "aws_iam_policy_document")
    for name in ("bucket", "topic", "queue"):
        for row in documents[name]["statement"]:
            conditions = {condition["variable"] for condition in row["condition"]}
            if row["effect"] == "Deny":
                assert conditions == {"aws:SecureTransport"}, row
                continue
            assert not any("*" in action for action in row["actions"]), row
            assert "aws:SourceArn" in conditions, row


def test_terraform_and_cloudformation_make_the_same():
    blocks = terraform()
    trail = named(blocks, "resource", "aws_cloudtrail")["trail"]
    for name in (
        "enable_logging",
        "is_multi_region_trail",
        "include_global_service_events",
        "enable_log_file_validation",
    ):
        assert trail[name] is True, name
    queue = named(blocks, "resource", "aws_sqs_queue")["deliveries"]
    ours = template()["Resources"]["Queue"]["Properties"]
    assert queue["visibility_timeout_seconds"] == ours["VisibilityTimeout"]
    assert queue["receive_wait_time_seconds"] == ours["ReceiveMessageWaitTimeSeconds"]
    assert queue["message_retention_seconds"] == ours["MessageRetentionPeriod"]
    blocked = named(blocks, "resource", "aws_s3_bucket_public_access_block")["logs"]
    assert [value for name, value in blocked.items() if name != "bucket"] == [True] * 4
