"""Unmodified clients of CloudSearch, each behind one function.

A client takes requests (operation and parameters, as in cases.py) and returns for each of them
{"answer": …} in the shape of the AWS SDKs or {"error": {"name", "message", "status"}}.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path

import boto3
import botocore
from botocore.config import Config

ROOT = Path(__file__).parent.parent.parent
NODE_MODULES = Path(os.environ.get("TRAILSIFT_NODE_MODULES", ROOT / "build/node/node_modules"))
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1",
    "NODE_NO_WARNINGS": "1",
    "NODE_PATH": str(NODE_MODULES),
}


def snake_case(name):
    return re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)


def boto3_client(server, **config):
    return boto3.client("cloudsearchdomain", endpoint_url=server.url, region_name="us-east-1",
                        aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret",
                        config=Config(**config))


def run_boto3(server, requests):
    client = boto3_client(server)
    outcomes = []
    for request in requests:
        try:
            answer = getattr(client, snake_case(request["operation"]))(**request["parameters"])
            outcomes.append({"answer": answer})
        except botocore.exceptions.ClientError as error:
            assert isinstance(error, getattr(client.exceptions, error.response["Error"]["Code"]))
            metadata = error.response["ResponseMetadata"]
            assert metadata["RetryAttempts"] == 0
            outcomes.append({"error": {"name": error.response["Error"]["Code"], "status": metadata["HTTPStatusCode"],
                                       "message": error.response["Error"]["Message"]}})
    return outcomes


# `aws` calls some parameters otherwise than the model does.
CLI_NAMES = {"search": {"query": "search-query"}, "suggest": {"query": "suggest-query"}, "uploadDocuments": {}}


def cli_command(server, request, directory):
    operation = request["operation"]
    command = [str(Path(sys.executable).parent / "aws"), "cloudsearchdomain", snake_case(operation).replace("_", "-"),
               "--endpoint-url", server.url, "--no-sign-request", "--output", "json"]
    for name, value in request["parameters"].items():
        option = CLI_NAMES[operation].get(name, snake_case(name).replace("_", "-"))
        if name == "documents":
            path = Path(directory) / "documents"
            path.write_text(value, encoding="utf-8")
            value = path
        command += [f"--{option}={value}"]
    return command


def run_cli(server, requests, directory):
    outcomes = []
    for request in requests:
        done = subprocess.run(cli_command(server, request, directory), capture_output=True, text=True, timeout=60,
                              env=ENVIRONMENT, check=False)
        if done.returncode == 0:
            outcomes.append({"answer": json.loads(done.stdout)})
            continue
        match = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)", done.stderr, re.DOTALL)
        assert match, done.stderr
        # The command does not tell the status.
        outcomes.append({"error": {"name": match[1], "message": match[2].strip(), "status": 400}})
    return outcomes


def node_is_there(package):
    return shutil.which("node") is not None and (NODE_MODULES / package).exists()


def run_node(version, server, requests):
    command = ["node", str(Path(__file__).parent / "sdk.js"), version, server.url]
    done = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True, timeout=300,
                          env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- URLs as boto2 makes them, sent by curl ---

URL_NAMES = {"query": "q", "queryParser": "q.parser", "queryOptions": "q.options", "filterQuery": "fq"}
FAMILIES = {"facet", "stats", "highlight", "expr"}


def url_parameters(parameters):
    """boto2 has a parameter for each facet, `facet.FIELD`, and no format."""
    pairs = []
    for name, value in parameters.items():
        if name not in FAMILIES:
            pairs.append((URL_NAMES.get(name, name), value))
            continue
        for field, text in json.loads(value).items() if name == "expr" else ():
            pairs.append((f"expr.{field}", text))
        for field, options in re.findall(r'"(\w+)":(\{[^{}]*\})', value):
            pairs.append((f"{name}.{field}", options))
    return pairs


def as_sdk(answer):
    """A JSON answer in the shape that the SDKs give it."""
    for hit in answer.get("hits", {}).get("hit", []):
        for name, value in hit.get("fields", {}).items():
            hit["fields"][name] = value if isinstance(value, list) else [value]
    assert "time-ms" in answer["status"] and "rid" in answer["status"]
    return answer


def run_curl(server, requests):
    outcomes = []
    for request in requests:
        parameters = request["parameters"]
        if request["operation"] == "uploadDocuments":
            command = [f"{server.url}/2013-01-01/documents/batch", "-H", f"Content-Type: {parameters['contentType']}",
                       "--data-binary", parameters["documents"]]
        else:
            query = urllib.parse.urlencode(url_parameters(parameters))
            command = [f"{server.url}/2013-01-01/{request['operation']}?{query}"]
        done = subprocess.run(["curl", "-sS", "-m", "30", "-w", "\n%{http_code}", *command], capture_output=True,
                              text=True, check=True)
        body, status = done.stdout.rsplit("\n", 1)
        if body.startswith("<"):
            outcomes.append({"answer": dict(xml.etree.ElementTree.fromstring(body).attrib)})
            continue
        answer = json.loads(body)
        if status == "200":
            outcomes.append({"answer": answer if request["operation"] == "uploadDocuments" else as_sdk(answer)})
        else:
            assert "code" not in answer, "clients would take it for the name of the exception"
            outcomes.append({"error": {"name": answer["__type"].removeprefix("#"), "message": answer["message"],
                                       "status": int(status)}})
    return outcomes
