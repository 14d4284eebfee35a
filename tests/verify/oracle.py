"""`aws cloudtrail validate-logs`, run against moto's S3 and a server of public keys."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LINE = re.compile(r"^(?:\(backfill\) )?(Digest|Log) file\ts3://[^/]+/(\S+)\t(.*)$", re.M)


class KeyServer:
    """CloudTrail's ListPublicKeys, and nothing else of it."""

    def __init__(self, keys):
        answer = json.dumps({"PublicKeyList": [key.row() for key in keys]}).encode()
        self.asked = []  # Region, start and end of each call.
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.headers["X-Amz-Target"].endswith(".ListPublicKeys")
                region = self.headers["Authorization"].split("/")[2]
                outer.asked.append((region, asked["StartTime"], asked["EndTime"]))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Awscli:
    """The program itself, in an environment that knows only these two servers."""

    def __init__(self, s3_url, cloudtrail_url, home):
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_S3": s3_url,
            "AWS_ENDPOINT_URL_CLOUDTRAIL": cloudtrail_url,
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def validate(self, chain, bucket, start, end, prefix=None):
        arn = f"arn:aws:cloudtrail:{chain.home}:{chain.account}:trail/{chain.trail}"
        command = [sys.executable, "-m", "awscli", "--region", chain.region, "cloudtrail"]
        command += ["validate-logs", "--trail-arn", arn, "--s3-bucket", bucket, "--verbose"]
        command += ["--start-time", start, "--end-time", end, "--account-id", chain.account]
        command += ["--s3-prefix", prefix] if prefix else []
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        return Verdicts(done.returncode, done.stdout, done.stderr)


class Verdicts:
    """What awscli said: verdicts by kind and key."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        self.files = {(kind.lower(), key): text for kind, key, text in LINE.findall(out + "\n" + err)}

    def valid(self):
        return {name for name, text in self.files.items() if text == "valid"}

    def invalid(self):
        return {
            name: text.removeprefix("INVALID: ")
            for name, text in self.files.items()
            if text != "valid"
        }
