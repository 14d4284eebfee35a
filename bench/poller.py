#!/usr/bin/env python3
"""Measures what reading a queue costs: `trailsift index DIR` against `trailsift serve` with a queue
that announces the same files.

Run by `./dev bench --poller`, which builds and installs what is needed.
"""

import argparse
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "aws"))

import report  # noqa: E402
import servers  # noqa: E402
from measure import family, machine, median  # noqa: E402

BUILD = ROOT / "build"
README = ROOT / "bench" / "README.md"
SCRATCH = BUILD / "bench-poller"
NGINX = BUILD / "nginx" / "usr" / "sbin" / "nginx"
SEED, DAYS = 1, 30
BUCKET = "trail"
TOPIC = f"arn:aws:sns:{servers.REGION}:111122223333:trail"
LOOK_EVERY = 0.1  # Seconds between looks at what the server has done.
QUIET = 0.5       # So long without work of the server: it has merged what it had to.
LONGEST = 1800

# Access keys are sent and not looked at; everything else is as S3 answers a GetObject.
NGINX_SETTINGS = """
daemon off;
{user}
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  default_type application/octet-stream;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /{bucket}/ {{ alias {logs}/; }}
  }}
}}
"""

SETTINGS = """
[[source]]
type = "sqs"
queue = "{queue}"

[intake]
buckets = ["{bucket}"]
"""


@dataclass
class Account:
    """What a run made of the events, to be the same for both."""

    read: int
    indexed: int
    duplicates: int
    rejected: int

    @classmethod
    def of(cls, totals):
        return cls(*(totals[name] for name in ("read", "indexed", "duplicates", "rejected")))


@dataclass
class Run:
    seconds: float  # Until all is done, merges included.
    cpu_seconds: float
    peak_bytes: int
    segments: int
    account: Account
    searchable: float = 0  # Seconds until every event could be searched and the queue was empty.
    sqs_cpu: float = 0
    nginx_cpu: float = 0


class ElasticMq(servers.Process):
    """A queue that costs less than moto's."""

    name = "ElasticMQ"

    def __init__(self, directory):
        port = servers.free_port()
        jars = servers.jars.fetch(ROOT / "bench" / "elasticmq" / "pom.xml")
        address = {"rest-sqs.bind-hostname": "127.0.0.1", "rest-sqs.bind-port": port,
                   "node-address.host": "127.0.0.1", "node-address.port": port,
                   "rest-stats.enabled": "false"}
        super().__init__(["java", "-Xmx512m", *(f"-D{name}={it}" for name, it in address.items()),
                          "-cp", f"{jars}/*", "org.elasticmq.server.Main"],
                         directory / "elasticmq.log", port)


class Moto(servers.Moto):
    name = "moto"


class Nginx(servers.Process):
    """The directory of the files as a bucket."""

    def __init__(self, directory, logs):
        port = servers.free_port()
        settings = directory / "nginx.conf"
        settings.write_text(NGINX_SETTINGS.format(
            user="user root;" if os.geteuid() == 0 else "", directory=directory, port=port,
            bucket=BUCKET, logs=logs))
        super().__init__([NGINX, "-p", directory, "-c", settings], directory / "nginx.out", port)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench --poller",
                                     description=" ".join(__doc__.split("\n\n")[0].split()))
    parser.add_argument("events", nargs="?", type=int, metavar="EVENTS", default=1_000_000,
                        help="how many events to generate (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3,
                        help="how often each starts from nothing, in turn (%(default)s)")
    parser.add_argument("--file-events", nargs="+", type=int, default=[11, 110], metavar="MEDIAN",
                        help="median of the events in a file; each is a workload (%(default)s)")
    parser.add_argument("--keys", type=int, default=10,
                        help="files that a message announces (%(default)s)")
    parser.add_argument("--moto", action="store_true",
                        help="moto's SQS instead of ElasticMQ's; it takes most of the time")
    parser.add_argument("--dry-run", action="store_true",
                        help="print the figures, leave bench/README.md and the generated files")
    return parser.parse_args()


def generate(events, file_events, directory):
    """The workload in words. Files that an earlier run left are taken as they are."""
    told = directory.with_suffix(".txt")
    if not told.exists():
        shutil.rmtree(directory, ignore_errors=True)
        line = subprocess.run(
            [BUILD / "generate_events", "--events", str(events), "--seed", str(SEED), "--days",
             str(DAYS), "--file-events", str(file_events), "--out", directory], check=True, stdout=subprocess.PIPE, text=True).stdout
        told.write_text(line)
    return f"seed {SEED}, {DAYS} days, " + re.sub(r", [\d.]+ s$", "", told.read_text().strip())


def keys_of(logs):
    """Of all files, in the order of their delivery."""
    keys = [str(path.relative_to(logs)) for path in logs.rglob("*.json.gz")]
    return sorted(keys, key=lambda key: key.rsplit("/", 1)[1].split("_")[3:])


def message(keys):
    """As SNS hands CloudTrail's message on to a queue."""
    identity = uuid.uuid4()
    return json.dumps({
        "Type": "Notification", "MessageId": str(identity), "TopicArn": TOPIC,
        "Message": json.dumps({"s3Bucket": BUCKET, "s3ObjectKey": keys}),
        "Timestamp": "2024-07-01T00:00:00.000Z", "SignatureVersion": "1",
        "Signature": "c2lnbmVk" * 43,
        "SigningCertURL": f"https://sns.{servers.REGION}.amazonaws.com/"
                          f"SimpleNotificationService-{identity.hex}.pem",
        "UnsubscribeURL": f"https://sns.{servers.REGION}.amazonaws.com/?Action=Unsubscribe"
                          f"&SubscriptionArn={TOPIC}:{identity}"})


def batches(items, size):
    items = iter(items)
    while batch := list(itertools.islice(items, size)):
        yield batch


def fill_queue(sqs, messages):
    """A new queue with these messages: its URL."""
    queue = sqs.create_queue(QueueName=f"trail-{uuid.uuid4()}")["QueueUrl"]
    for batch in batches(messages, 10):
        sqs.send_message_batch(QueueUrl=queue, Entries=[
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)])
    return queue


# --- one run -------------------------------------------------------------------------------------

def cpu_of(process):
    """CPU seconds of a process and those that it started."""
    ticks = 0
    for pid in family(process.pid):
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for_end(process):
    """Its CPU seconds and the peak of its resident bytes."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {process.args[1]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def run_index(logs, data):
    shutil.rmtree(data, ignore_errors=True)
    began = time.perf_counter()
    process = subprocess.Popen([BUILD / "trailsift", "index", logs, "--data", data, "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    cpu, peak = wait_for_end(process)
    seconds = time.perf_counter() - began
    process.stdout.close()
    return Run(seconds, cpu, peak, segments_in(data), Account.of(json.loads(output)))


def segments_in(data):
    return sum(path.name.startswith("seg-") for path in data.iterdir())


def environment(service, nginx):
    plain = servers.plain_environment() | servers.environment(service.url)
    return plain | {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_S3": nginx.url}


def run_poller(data, queue, service, nginx, wanted, messages):
    """From the start of the server until every event can be searched, the queue is empty, and the
    server has nothing left to do."""
    shutil.rmtree(data, ignore_errors=True)
    settings = data.with_suffix(".toml")
    settings.write_text(SETTINGS.format(queue=queue, bucket=BUCKET))
    port = servers.free_port()
    before = cpu_of(service.process), cpu_of(nginx.process)
    began = time.perf_counter()
    with open(data.with_suffix(".log"), "wb") as log:
        process = subprocess.Popen(
            [BUILD / "trailsift", "serve", "--data", data, "--config", settings,
             "--listen", f"127.0.0.1:{port}"], env=environment(service, nginx),
            stdout=log, stderr=log)
    try:
        status = wait_until_done(process, f"http://127.0.0.1:{port}/api/status", wanted, messages)
        searchable = time.perf_counter() - began
        seconds = searchable + wait_until_quiet(process)
    finally:
        process.send_signal(signal.SIGTERM)
        cpu, peak = wait_for_end(process)
    return Run(seconds, cpu, peak, segments_in(data), Account.of(status["deliveries"]["totals"]),
               searchable, cpu_of(service.process) - before[0], cpu_of(nginx.process) - before[1])


def wait_until_done(process, url, wanted, messages):
    """The server's status once all messages are deleted and all events there."""
    deadline = time.monotonic() + LONGEST
    status = None
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(LOOK_EVERY)
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                status = json.load(answer)
        except OSError:  # It does not listen yet.
            continue
        queue = status["sources"]["queues"][0]
        if queue["deleted"] >= messages and status["events"] >= wanted:
            return status
    raise RuntimeError(f"the server did not get to its end: {status}")


def wait_until_quiet(process):
    """Seconds until the last work that it did."""
    began = worked = time.perf_counter()
    cpu = cpu_of(process)
    while time.perf_counter() - worked < QUIET:
        time.sleep(0.05)
        before, cpu = cpu, cpu_of(process)
        if cpu - before > 0.02:  # Long polls and a heartbeat are no work.
            worked = time.perf_counter()
    return worked - began


# --- all of them ---------------------------------------------------------------------------------

def run_rounds(options, logs, service, nginx):
    sqs = servers.client("sqs", service.url)
    messages = [message(keys) for keys in batches(keys_of(logs), options.keys)]
    runs = {"index": [], "poller": []}
    for turn in range(options.rounds):
        queue = fill_queue(sqs, messages)
        runs["index"].append(run_index(logs, SCRATCH / "index"))
        runs["poller"].append(run_poller(SCRATCH / "poller", queue, service, nginx,
                                         options.events, len(messages)))
        sqs.delete_queue(QueueUrl=queue)
        for name, done in runs.items():
            print(f"round {turn + 1}: {name}: {done[-1]}", flush=True)
    return runs, len(messages)


def middle(runs, name):
    return median([getattr(run, name) for run in runs])


def figures(runs, events):
    titles = {"index": "`trailsift index DIR`", "poller": "`trailsift serve`, a queue"}
    rows = []
    for name, done in runs.items():
        seconds = middle(done, "seconds")
        searchable = middle(done, "searchable") or seconds
        rows.append([titles[name], f"{searchable:.1f}", f"{seconds:.1f}",
                     f"{events / seconds:,.0f}", f"{middle(done, 'cpu_seconds'):.1f}",
                     report.megabytes(max(run.peak_bytes for run in done)),
                     str(done[-1].segments)])
    return report.table(["", "s until searchable and the queue empty", "s, merges included",
                         "events a second", "CPU seconds of its own", "peak memory, MB",
                         "segments"], rows)


def difference(runs):
    """What is not the same in all runs, or None. A queue may hand a message out twice, which makes
    more duplicates of what is the same otherwise."""
    accounts = [run.account for done in runs.values() for run in done]
    if len({(account.indexed, account.rejected) for account in accounts}) > 1:
        return f"the accounts differ: {accounts}"
    if any(account.read != account.indexed + account.duplicates + account.rejected
           for account in accounts):
        return f"an account does not add up: {accounts}"
    return None


def ratios(runs, service):
    def rises(name):
        return (f"{100 * (middle(runs['poller'], name) / middle(runs['index'], name) - 1):+.0f} %")
    poller = runs["poller"]
    return (f"The poller: {rises('seconds')} wall time, {rises('cpu_seconds')} CPU time of the "
            f"program itself. Beside it, on the same cores, {service} took "
            f"{middle(poller, 'sqs_cpu'):.1f} s of CPU time and nginx "
            f"{middle(poller, 'nginx_cpu'):.1f} s.")


def measure(options, file_events, kind):
    """One workload, from its files to the text about it."""
    logs = BUILD / f"bench-logs-{options.events}-{file_events}"
    workload = generate(options.events, file_events, logs)
    print(workload, flush=True)
    with kind(SCRATCH) as service, Nginx(SCRATCH, logs) as nginx:
        runs, messages = run_rounds(options, logs, service, nginx)
    complaint = difference(runs)
    if complaint:
        sys.exit(f"bench: nothing is written: {complaint}")
    if not options.dry_run:
        shutil.rmtree(logs)
        logs.with_suffix(".txt").unlink()
    return "\n\n".join([
        f"Median of {file_events} events a file: {workload}, announced in {messages:,} messages.",
        figures(runs, options.events), ratios(runs, kind.name),
        f"Every run indexed {runs['index'][0].account.indexed:,} events. Records read: " +
        ", ".join(f"{done[-1].account.read:,} ({name})" for name, done in runs.items()) + "."])


def main():
    options = arguments()
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    kind = Moto if options.moto else ElasticMq
    command = " ".join(["./dev bench --poller", *sys.argv[1:]])
    text = "\n\n".join([
        f"`{command}`, {time.strftime('%Y-%m-%d')}, {machine()}, {options.rounds} rounds, medians.",
        *(measure(options, file_events, kind) for file_events in options.file_events)])
    print(text)
    shutil.rmtree(SCRATCH)
    if not options.dry_run:
        README.write_text(report.between(README.read_text(), "poller", text))


if __name__ == "__main__":
    main()
