"""`trailsift aws setup` through the real AWS CLI, against moto."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/aws"))

import servers  # noqa: E402
from test_templates import Function, template  # noqa: E402

PROGRAM = os.environ["TRAILSIFT_BIN"]
BUCKET = "example-trail-logs"
REGION = servers.REGION


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    with servers.Moto(tmp_path_factory.mktemp("moto")) as running:
        yield running


def setup(job, *options, url="http://127.0.0.1:9", code=0):
    command = [PROGRAM, "aws", "setup", job, "--bucket", BUCKET, "--region", REGION,
               "--endpoint-url", url, *options]
    environment = servers.environment(url) | servers.plain_environment()
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False,
                          env=environment)
    assert done.returncode == code, f"{job}: {done.returncode}: {done.stdout}{done.stderr}"
    return done


def states(done):
    """[(state, what)] of every line that tells one."""
    return re.findall(r"^(kept|made|there|missing|differs|deleted|stays|failed) +(\S.*)$",
                      done.stdout, re.M)


def test_life_of_a_setup(moto):
    made = states(setup("create", url=moto.url))
    assert {state for state, _ in made} == {"made"}
    # What boto3 sees is what was meant.
    trail = servers.client("cloudtrail", moto.url).get_trail(Name="trailsift")["Trail"]
    assert trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"]
    assert trail["S3BucketName"] == BUCKET
    assert servers.client("cloudtrail", moto.url).get_trail_status(Name="trailsift")["IsLogging"]
    sqs, sns = servers.client("sqs", moto.url), servers.client("sns", moto.url)
    queue = sqs.get_queue_url(QueueName="trailsift-deliveries")["QueueUrl"]
    sns.publish(TopicArn=trail["SnsTopicARN"], Message="announced")
    message, = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["Message"] == "announced"  # Not raw.

    # Again: nothing changes.
    kept = states(setup("create", url=moto.url))
    assert kept == [("kept", what) for _, what in made]

    # What differs is told, and nothing is made: not even the missing subscription.
    subscription = sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"]
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "30"})
    refused = setup("create", url=moto.url, code=1)
    assert states(refused) == [("differs", "queue trailsift-deliveries")]
    assert 'Attributes.VisibilityTimeout: expected "300", got "30"' in refused.stdout
    assert not sns.list_subscriptions()["Subscriptions"]
    shown = states(setup("show", url=moto.url, code=1))
    wanted = {"queue trailsift-deliveries": "differs",
              "subscription of trailsift-deliveries to trailsift-deliveries": "missing"}
    assert shown == [(wanted.get(what, "there"), what) for _, what in made]

    # What differs is not deleted either; the rest goes, and goes no second time.
    deleted = dict(map(reversed, states(setup("delete", "--yes", url=moto.url, code=1))))
    assert deleted.pop("queue trailsift-deliveries") == "stays"
    assert set(deleted.values()) == {"deleted"}
    assert {f"bucket {BUCKET}", "trail trailsift", "role trailsift-reader"} <= deleted.keys()
    assert not servers.client("s3", moto.url).list_buckets()["Buckets"]
    assert not servers.client("cloudtrail", moto.url).list_trails()["Trails"]
    assert not servers.client("iam", moto.url).list_roles()["Roles"]
    assert sqs.list_queues()["QueueUrls"] == [queue]
    sqs.delete_queue(QueueUrl=queue)


def test_a_bucket_with_objects_is_used_and_stays(moto):
    s3 = servers.client("s3", moto.url)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="old", Body=b"x")
    made = dict(map(reversed, states(setup("create", url=moto.url))))
    assert made[f"bucket {BUCKET}"] == "kept"
    assert made[f"bucket {BUCKET}: policy"] == "made"
    deleted = setup("delete", "--yes", url=moto.url)
    assert ("stays", f"bucket {BUCKET}") in states(deleted)
    assert "it holds objects" in deleted.stdout
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [BUCKET]


def test_other_credentials_than_meant_are_refused(moto):
    refused = setup("create", "--account-id", "111122223333", url=moto.url, code=1)
    assert "expected credentials of account 111122223333, got those of" in refused.stderr


def test_what_aws_says_is_told():
    refused = setup("show", code=1)
    assert "cannot run 'aws sts get-caller-identity'" in refused.stderr


# --- the same policies as deploy/cloudformation --------------------------------------------------

ACCOUNT, TRAIL = "111122223333", "trailsift"
ARNS = {"LogBucket": f"arn:aws:s3:::{BUCKET}",
        "Topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:trailsift-deliveries",
        "Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:trailsift-deliveries",
        "DeadLetterQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:trailsift-deliveries-dead-letters"}


class Nothing:
    pass


def resolved(value, parameters):
    """The template's value as CloudFormation makes it."""
    if isinstance(value, Function):
        (name, argument), = value.items()
        return FUNCTIONS[name](argument, parameters)
    if isinstance(value, dict):
        return {key: resolved(inner, parameters) for key, inner in value.items()}
    if isinstance(value, list):
        return [one for one in (resolved(inner, parameters) for inner in value)
                if one is not Nothing]
    return value


def reference(name, parameters):
    known = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT,
             "AWS::NoValue": Nothing, "Topic": ARNS["Topic"], **parameters}
    return known[name]


def condition(name, parameters):
    return {"HasPrefix": parameters["KeyPrefix"] != "", "HasKey": parameters["KmsKeyArn"] != "",
            "IsOrganization": parameters["OrganizationId"] != "",
            "IsForInstances": parameters["ReaderPrincipalArn"] == ""}[name]


FUNCTIONS = {
    "Ref": reference,
    "GetAtt": lambda name, _: ARNS[name.removesuffix(".Arn")],
    "Sub": lambda text, parameters: re.sub(
        r"\$\{([^}]+)\}", lambda m: ARNS[m[1].removesuffix(".Arn")] if m[1].endswith(".Arn")
        else reference(m[1], parameters), text),
    "If": lambda row, parameters: resolved(
        row[1] if condition(row[0], parameters) else row[2], parameters),
}


def normal(policy):
    """With lists of one as that one, which is the same to AWS."""
    if isinstance(policy, dict):
        return {key: normal(value) for key, value in policy.items()}
    if isinstance(policy, list):
        return normal(policy[0]) if len(policy) == 1 else [normal(one) for one in policy]
    return policy


def commands(*options):
    """{(service, command): {option: value}} of the commands that are printed."""
    printed = setup("create", "--dry-run", "--account-id", ACCOUNT, *options).stdout
    found = {}
    for line in printed.splitlines():
        if line.startswith("#"):
            continue
        words = shlex.split(line)
        name = words[1:3]
        if name == ["sqs", "create-queue"]:
            name = [*name, words[words.index("--queue-name") + 1]]
        values = dict(zip(words[3:], words[4:]))
        found[tuple(name)] = values
    return found


@pytest.mark.parametrize("parameters", [
    {},
    {"KeyPrefix": "cloudtrail/main", "OrganizationId": "o-exampleorgid",
     "KmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd",
     "ReaderPrincipalArn": "arn:aws:iam::444455556666:root"},
])
def test_policies_are_those_of_cloudformation(parameters):
    options = {"KeyPrefix": "--key-prefix", "OrganizationId": "--organization-id",
               "KmsKeyArn": "--kms-key-arn", "ReaderPrincipalArn": "--reader-principal-arn"}
    given = commands(*(word for name, value in parameters.items()
                       for word in (options[name], value)))
    parameters = {"TrailName": TRAIL, **{name: "" for name in options}, **parameters}
    resources = template()["Resources"]

    def ours(name, member="PolicyDocument"):
        return normal(resolved(resources[name]["Properties"][member], parameters))

    def theirs(text):
        return normal(json.loads(text))

    assert theirs(given["s3api", "put-bucket-policy"]["--policy"]) == ours("LogBucketPolicy")
    topic = json.loads(given["sns", "create-topic"]["--attributes"])
    assert theirs(topic["Policy"]) == ours("TopicPolicy")
    for queue, name in (("trailsift-deliveries", "Queue"),
                        ("trailsift-deliveries-dead-letters", "DeadLetterQueue")):
        attributes = json.loads(given["sqs", "create-queue", queue]["--attributes"])
        assert theirs(attributes.pop("Policy")) == ours("QueuePolicy")
        wanted = resolved(resources[name]["Properties"], parameters)
        redrive = wanted.pop("RedrivePolicy", None)
        assert json.loads(attributes.pop("RedrivePolicy", "null")) == redrive
        assert attributes == {key: str(value).lower() for key, value in wanted.items()}
    reader = given["iam", "create-policy"]["--policy-document"]
    assert theirs(reader) == ours("ReaderPolicy")
    trust = given["iam", "create-role"]["--assume-role-policy-document"]
    assert theirs(trust) == ours("ReaderRole", "AssumeRolePolicyDocument")
    trail = given["cloudtrail", "create-trail"]
    assert trail.get("--s3-key-prefix", "") == parameters["KeyPrefix"]
    assert trail.get("--kms-key-id", "") == parameters["KmsKeyArn"]
    assert ("--is-organization-trail" in trail) == (parameters["OrganizationId"] != "")
    encryption = json.loads(
        given["s3api", "put-bucket-encryption"]["--server-side-encryption-configuration"])
    template_rule, = resolved(resources["LogBucket"]["Properties"]["BucketEncryption"],
                              parameters)["ServerSideEncryptionConfiguration"]
    rule, = encryption["Rules"]
    by = template_rule.pop("ServerSideEncryptionByDefault")
    assert rule.pop("ApplyServerSideEncryptionByDefault") == {
        key: value for key, value in by.items() if value is not Nothing}
    assert rule == template_rule
