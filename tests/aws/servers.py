"""The servers that these tests ask: moto, S3Proxy, and a few lines of HTTP with fixed answers."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import jars  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PROBE = os.environ.get("AWS_PROBE_BIN", str(ROOT / "build" / "release" / "aws_probe"))
REGION = "eu-west-1"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def probe(*words, env=None, expect=0, **options):
    """The answer of one call. `env` is all of the environment that the probe has."""
    arguments = [PROBE, *map(str, words)]
    for name, value in options.items():
        arguments.append(f"--{name.replace('_', '-')}={value}")
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False,
                          env=plain_environment() | (env or {}))
    assert done.returncode == expect, f"{words}: {done.returncode}: {done.stdout}{done.stderr}"
    answer = json.loads(done.stdout)
    answer["output"] = done.stdout + done.stderr
    return answer


def failure(*words, code, env=None, **options):
    """The message of a call that fails."""
    error = probe(*words, env=env, expect=1, **options)["error"]
    assert error["code"] == code, error
    return error["message"]


def plain_environment():
    """No credentials anywhere."""
    return {"AWS_CONFIG_FILE": "/nonexistent/config", "HOME": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
            "AWS_EC2_METADATA_DISABLED": "true"}


def environment(endpoint, key=KEY, secret=SECRET, token=None, region=REGION):
    variables = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key,
                 "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": region}
    if token:
        variables["AWS_SESSION_TOKEN"] = token
    return variables


def client(service, endpoint, key=KEY, secret=SECRET, token=None):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token,
        config=Config(s3={"addressing_style": "path"}, max_pool_connections=16,
                      request_checksum_calculation="when_required"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """A server that runs until the block is left."""

    def __init__(self, arguments, log, port):
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.port = port
        with open(log, "wb") as output:
            self.process = subprocess.Popen(arguments, stdout=output, stderr=output)

    def __enter__(self):
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise AssertionError(f"nothing listens at {self.url}: {self.log.read_text()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class Moto(Process):
    """moto server. With `verify()`, it checks signatures, tokens and permissions from then on."""

    def __init__(self, directory):
        port = free_port()
        super().__init__([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                         directory / "moto.log", port)

    def verify(self, after=0):
        self.post("/moto-api/reset-auth", str(after).encode())

    def stop_verifying(self):
        self.verify(1_000_000_000)

    def post(self, path, body=b""):
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=10).close()


def fetch_s3proxy():
    return jars.fetch(Path(__file__).parent / "s3proxy" / "pom.xml")


class S3Proxy(Process):
    """An S3-compatible store in memory, which refuses wrong signatures."""

    def __init__(self, directory):
        port = free_port()
        properties = directory / "s3proxy.properties"
        properties.write_text(
            f"s3proxy.endpoint=http://127.0.0.1:{port}\n"
            "s3proxy.authorization=aws-v4\n"
            f"s3proxy.identity={KEY}\n"
            f"s3proxy.credential={SECRET}\n"
            "s3proxy.ignore-unknown-headers=true\n"  # x-amz-security-token: it has no sessions.
            "jclouds.provider=transient\n"
            "jclouds.identity=any\n"
            "jclouds.credential=any\n")
        logging = Path(__file__).parent / "s3proxy" / "logback.xml"
        super().__init__(["java", "-Xmx256m", f"-Dlogback.configurationFile={logging}", "-cp",
                          f"{fetch_s3proxy()}/*", "org.gaul.s3proxy.Main",
                          "--properties", properties],
                         directory / "s3proxy.log", port)


class Request:
    def __init__(self, handler, body):
        self.method = handler.command
        self.path = handler.path
        self.headers = handler.headers  # Whatever the case of the name.
        self.body = body


class Scripted:
    """Answers with what `answer(request, handler)` says: (status, headers, body), or None when it
    has done all by itself. Keeps the requests."""

    def __init__(self, answer):
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self):
                length = int(self.headers.get("Content-Length", 0))
                request = Request(self, self.rfile.read(length))
                outer.requests.append(request)
                answered = answer(request, self)
                if answered is None:
                    self.close_connection = True
                    return
                status, headers, body = answered
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_HEAD = do_any

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
