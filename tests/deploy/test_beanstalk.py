"""The bundle for Elastic Beanstalk holds all it needs, and what it starts answers."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BEANSTALK = ROOT / "deploy/beanstalk"
sys.path.insert(0, str(ROOT / "tests/aws"))

import servers  # noqa: E402

PROGRAM = os.environ["TRAILSIFT_BIN"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The unpacked bundle."""
    directory = tmp_path_factory.mktemp("beanstalk")
    made = directory / "worker.zip"
    subprocess.run([BEANSTALK / "bundle", "example-trail-logs", made], check=True,
                   env={**os.environ, "TRAILSIFT_BIN": PROGRAM})
    with zipfile.ZipFile(made) as files:
        for entry in files.infolist():
            path = Path(files.extract(entry, directory / "app"))
            if not entry.is_dir():
                path.chmod(entry.external_attr >> 16)
    return directory / "app"


def command_of(bundle):
    kind, words = (bundle / "Procfile").read_text().strip().split(": ", 1)
    assert kind == "web"
    return shlex.split(words)


def test_options_go_together(bundle):
    settings = yaml.safe_load((bundle / ".ebextensions/trailsift.config").read_text())
    options = settings["option_settings"]
    command = command_of(bundle)
    assert command[command.index("--bucket") + 1] == "example-trail-logs"
    data = command[command.index("--data") + 1]
    assert settings["commands"]["data_directory"]["command"].endswith(f" {data}")
    port = options["aws:elasticbeanstalk:application:environment"]["PORT"]
    assert command[command.index("--listen") + 1] == f"127.0.0.1:{port}"
    daemon = options["aws:elasticbeanstalk:sqsd"]
    assert daemon["HttpPath"] == "/sns/"
    assert options["aws:elasticbeanstalk:application"]["Application Healthcheck URL"] == "/"
    # The daemon gives up before the queue hands the message to somebody else, the proxy after it.
    proxy = (bundle / ".platform/nginx/conf.d/trailsift.conf").read_text()
    waits = int(re.search(r"^proxy_read_timeout (\d+)s;$", proxy, re.M)[1])
    assert daemon["InactivityTimeout"] < daemon["VisibilityTimeout"]
    assert daemon["InactivityTimeout"] < waits
    for line in proxy.splitlines():
        assert re.fullmatch(r"#.*|[a-z_]+ [a-z0-9]+;", line), line


def test_what_the_procfile_starts_checks_out(bundle, tmp_path):
    done = run(bundle, tmp_path, "--check")
    out, _ = done.communicate(timeout=60)
    assert done.returncode == 0, out
    assert b'routes = ["sns"]' in out and b'buckets = ["example-trail-logs"]' in out


def run(bundle, data, *more, port=5000):
    """The Procfile's command, with another data directory and port, without the system's
    environment."""
    command = command_of(bundle)
    command[command.index("--data") + 1] = str(data)
    command[command.index("--listen") + 1] = f"127.0.0.1:{port}"
    return subprocess.Popen(command + list(more), cwd=bundle, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env=servers.plain_environment())


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.URLError:
        return None


def test_it_answers_the_health_check_with_its_own_libraries(bundle, tmp_path):
    port = servers.free_port()
    server = run(bundle, tmp_path / "data", port=port)
    try:
        deadline = time.monotonic() + 60
        while status(f"http://localhost:{port}/") != 200:
            assert server.poll() is None, server.stdout.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        loaded = {line.split()[-1] for line in Path(f"/proc/{server.pid}/maps").open()
                  if ".so" in line}
        assert len(loaded) > 10
        assert {path for path in loaded if not path.startswith(str(bundle))} == set()
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert server.returncode == 0


@pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="needs nginx")
def test_nginx_itself_parses(bundle, tmp_path):
    whole = tmp_path / "nginx.conf"
    part = bundle / ".platform/nginx/conf.d/trailsift.conf"
    whole.write_text(f"events {{}}\nhttp {{ include {part}; }}\n")
    command = [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-t", "-p", tmp_path, "-c", whole]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr
