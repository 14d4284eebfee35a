"""Runs the program under test for the Python tests: indexes records and serves them."""

import gzip
import json
import os
import re
import signal
import subprocess
import threading
from pathlib import Path

PROGRAM = os.environ["TRAILSIFT_BIN"]


def record(number, **members):
    """A CloudTrail record; the higher its number the newer it is."""
    base = {
        "eventVersion": "1.08",
        "eventTime": f"2021-07-{1 + number // 24:02}T{number % 24:02}:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.2",
        "eventID": f"event-{number:04}",
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    }
    return {**base, **members}


def deliver(logs, records, name="0001"):
    """Writes records as CloudTrail delivers them."""
    directory = Path(logs) / "AWSLogs/111122223333/CloudTrail/us-east-1/2021/07/29"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"111122223333_CloudTrail_us-east-1_20210729T0000Z_{name}.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"Records": records}, file)


def index(logs, data):
    """Indexes a directory; returns the account of the run."""
    command = [PROGRAM, "index", str(logs), "--data", str(data), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Server:
    """`trailsift serve` on a free port, until the end of a `with` block."""

    def __init__(self, data, *options, listen="127.0.0.1:0"):
        self.command = [PROGRAM, "serve", "--data", str(data), "--listen", listen,
                        *map(str, options)]
        self.log = []
        self.env = None  # That of the tests.

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True,
                                        env=self.env)
        self.url = None
        for line in self.process.stderr:
            self.log.append(line)
            match = re.search(r"listening on (http://\S+)", line)
            if match:
                self.url = match[1]
                break
        assert self.url, f"the server did not start: {self.log}"
        # Its pipe must never be full.
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr))
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.reader.join()
        self.process.stderr.close()
        assert code == 0, f"exit code {code}: {self.log}"
