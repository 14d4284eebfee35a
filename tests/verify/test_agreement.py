"""Chains as CloudTrail makes them, and with them what people do to them: what `trailsift verify`
finds in a copy and in the bucket, against what `aws cloudtrail validate-logs` finds in the bucket."""

import gzip
import json
import subprocess
from datetime import timedelta

import pytest
import trailsift_program as trailsift
from digest_chain import BEGIN, BUCKET, Bucket, Chain, read_digest, rfc3339, sha256, signed_digest
from tamperings import TAMPERINGS


class Findings:
    """What `trailsift verify --json` said of a tree."""

    def __init__(self, done, root):
        self.code, self.err = done.returncode, done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.gaps = [row for row in rows if row["type"] == "gap"]
        self.summary = rows[-1] if rows and rows[-1]["type"] == "summary" else None
        self.files = {
            (row["type"], row["name"].removeprefix(f"{root}/")): row
            for row in rows
            if row["type"] in ("digest", "log")
        }

    def of(self, status):
        return {name: row for name, row in self.files.items() if row["status"] == status}

    def reasons(self, *statuses):
        return {
            name: row["reason"] for name, row in self.files.items() if row["status"] in statuses
        }


def verify(root, *options, env=None):
    command = [trailsift.PROGRAM, "verify", str(root), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)
    assert done.returncode in (0, 1), done.stderr
    return Findings(done, root)


@pytest.fixture(scope="session")
def keys_file(key, tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    path.write_text(json.dumps({"PublicKeyList": [key.row()]}))
    return path


class Place:
    """A bucket's content, in moto and as a tree."""

    def __init__(self, s3, tmp_path, awscli, keys_file):
        self.s3, self.tmp_path, self.awscli, self.keys_file = s3, tmp_path, awscli, keys_file
        self.s3.create_bucket(Bucket=BUCKET)

    def empty(self):
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            names = [{"Key": row["Key"]} for row in page.get("Contents", [])]
            if names:
                self.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": names})
        self.s3.delete_bucket(Bucket=BUCKET)

    def awscli_verdicts(self, bucket, chain, start=BEGIN, end=None, prefix=None):
        bucket.upload(self.s3)
        end = end or chain.end + timedelta(hours=3)
        verdicts = self.awscli.validate(chain, BUCKET, rfc3339(start), rfc3339(end), prefix)
        assert "Results requested for" in verdicts.out, verdicts.out + verdicts.err
        return verdicts

    def findings(self, bucket, *options, metadata=None):
        """With the metadata of these digests beside them; None: of every digest."""
        root = self.tmp_path / f"tree-{len(list(self.tmp_path.iterdir()))}"
        bucket.write_tree(root, bucket.objects if metadata is None else metadata)
        found = verify(root, "--keys", str(self.keys_file), *options)
        if metadata is None:
            self.assert_same_in_bucket(found, bucket, options)
        return found

    def assert_same_in_bucket(self, found, bucket, options):
        """The bucket itself, with CloudTrail's own word about its keys."""
        bucket.upload(self.s3)
        there = verify(f"s3://{BUCKET}", *options, env=self.awscli.environment)
        assert there.code == found.code, there.err
        assert (there.gaps, there.summary) == (found.gaps, found.summary)
        assert there.files.keys() == found.files.keys()
        for name, row in found.files.items():
            same = {**row, "name": f"s3://{BUCKET}/{name[1]}"}
            assert there.files[name] == same


@pytest.fixture
def place(s3, tmp_path, awscli, keys_file):
    place = Place(s3, tmp_path, awscli, keys_file)
    yield place
    place.empty()


def hours(bucket, key, counts=(2, 3, 0, 1, 2), **options):
    chain = Chain(bucket, key, **options)
    for count in counts:
        chain.hour(count)
    return chain


SHAPES = {
    "plain": {},
    "deep prefix": {"prefix": "audit/trails"},
    "other region": {"region": "eu-central-1"},
    "odd trail name": {"trail": "a_b-c.d_eu-west-1"},
    "backfill": {"backfill": True},
    "organisation": {"prefix": "o-ab12cd34ef", "organization": None, "account": "444455556666"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_sound_chains_are_sound_to_both(shape, key, place):
    bucket = Bucket()
    chain = hours(bucket, key, **SHAPES[shape])
    awscli = place.awscli_verdicts(bucket, chain, prefix=SHAPES[shape].get("prefix"))
    assert awscli.code == 0, awscli.out + awscli.err
    everything = {("digest", name) for name in chain.digests} | {("log", name) for name in chain.logs}
    assert awscli.valid() == everything

    whole = place.findings(bucket)
    assert whole.code == 0
    assert set(whole.of("valid")) == everything
    assert whole.files.keys() == everything

    # Without metadata the newest digest has nobody who vouches for it, nor have its log files.
    bare = place.findings(bucket, metadata=())
    newest = chain.digests[-1]
    assert bare.code == 0
    assert set(bare.of("valid")) == everything - set(bare.of("unverified"))
    assert bare.reasons("unverified") == {("digest", newest): "signature_unknown"} | {
        ("log", log["s3Object"]): "digest_not_verified"
        for log in read_digest(bucket.objects[newest])["logFiles"]
    }
    one = place.findings(bucket, metadata=(newest,))
    assert set(one.of("valid")) == everything


def test_organisation_trails_lie_in_folders_of_their_own(key, place):
    bucket = Bucket()
    chains = [
        hours(bucket, key, organization="o-ab12cd34ef", account=account, region=region)
        for account in ("111122223333", "444455556666")
        for region in ("us-east-1", "eu-west-1")
    ]
    found = place.findings(bucket)
    assert found.code == 0
    assert len(found.of("valid")) == sum(len(chain.digests + chain.logs) for chain in chains)
    some = place.findings(bucket, "--accounts", "444455556666", "--regions", "eu-west-1,us-west-2")
    assert {name for _, name in some.files} == set(chains[3].digests + chains[3].logs)
    assert place.findings(bucket, "--accounts", "999988887777").files == {}


def test_backfill_stands_beside_the_chain_of_the_same_hours(key, place):
    bucket = Bucket()
    standard = hours(bucket, key)
    late = Chain(bucket, key, backfill=True)
    late.logs = ["number"] * 50  # Other names than the chain's.
    for count in (1, 0, 2):
        late.hour(count)
    awscli = place.awscli_verdicts(bucket, standard)
    assert awscli.code == 0, awscli.err
    found = place.findings(bucket)
    assert set(found.of("valid")) == awscli.valid()
    assert found.summary["backfill_digests"]["valid"] == 3


def test_a_pause_is_a_gap_and_no_fault(key, place):
    bucket = Bucket()
    chain = hours(bucket, key, (1, 1)).pause(5).hour(1).hour(1)
    awscli = place.awscli_verdicts(bucket, chain)
    message = "between 2026-07-29T22:00:00Z and 2026-07-30T03:00:00Z"
    assert awscli.code == 0
    assert "No log files were delivered by CloudTrail " + message in awscli.err
    found = place.findings(bucket)
    assert found.code == 0
    assert [(gap["from"], gap["to"], gap["reason"]) for gap in found.gaps] == [
        ("2026-07-29T22:00:00Z", "2026-07-30T03:00:00Z", "no_digests")
    ]


# Start and end in minutes after BEGIN; digests end at 60, 120, … 300.
RANGES = [(0, 300), (60, 60), (61, 119), (60, 120), (120, 179), (119, 181), (0, 0), (300, 600), (301, 600)]


@pytest.mark.parametrize("first,last", RANGES)
def test_ranges_take_the_same_digests(first, last, key, place):
    bucket = Bucket()
    chain = hours(bucket, key)
    start, end = BEGIN + timedelta(minutes=first), BEGIN + timedelta(minutes=last)
    awscli = place.awscli_verdicts(bucket, chain, start, end)
    found = place.findings(bucket, "--from", rfc3339(start), "--to", rfc3339(end))
    assert set(found.of("valid")) == awscli.valid()
    assert found.code == awscli.code == 0

    # The digest after the range vouches for the newest one in it, unless that is the last of all.
    bare = place.findings(
        bucket, "--from", rfc3339(start), "--to", rfc3339(end), metadata=chain.digests[-1:]
    )
    assert set(bare.of("valid")) == awscli.valid()


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering.name)
def test_tampering_is_caught(tampering, key, foreign_key, place):
    bucket = Bucket()
    chain = hours(bucket, key)
    expected = tampering.apply(bucket, chain, foreign_key)
    awscli = place.awscli_verdicts(bucket, chain)
    found = place.findings(bucket)

    assert found.code == 1
    assert found.reasons("invalid") == expected
    for name, text in awscli.invalid().items():
        assert name in found.of("invalid"), (name, text)
        if text != tampering.awscli_says:
            assert found.files[name]["detail"].startswith(text), (found.files[name], text)
    # We are stricter, and only where the table says so.
    stricter = set(expected) - set(awscli.invalid())
    assert stricter == tampering.unseen_by_awscli(expected)
    assert set(found.of("valid")) <= awscli.valid()
    assert awscli.code == (1 if awscli.invalid() else 0)

    bare = place.findings(bucket, metadata=())
    assert bare.code == (0 if tampering.needs_metadata else 1)


def test_deletions_are_told_apart(key, place):
    bucket = Bucket()
    chain = hours(bucket, key, (1, 1, 1, 1, 1, 1))
    del bucket.objects[chain.digests[2]]
    one = place.findings(bucket)
    assert one.gaps == []
    del bucket.objects[chain.digests[3]]
    two = place.findings(bucket)
    assert [(gap["from"], gap["to"], gap["reason"]) for gap in two.gaps] == [
        ("2026-07-29T22:00:00Z", "2026-07-30T00:00:00Z", "missing_in_a_row")
    ]
    assert two.reasons("invalid") == {("digest", chain.digests[3]): "not_found"}
    # Nobody vouches for the log files that they listed.
    assert two.reasons("unverified") == {
        ("log", chain.logs[2]): "not_covered",
        ("log", chain.logs[3]): "not_covered",
    }


def test_log_files_newer_than_the_newest_digest_are_waited_for(key, place):
    bucket = Bucket()
    chain = hours(bucket, key)
    late = chain.deliver_log(chain.end + timedelta(minutes=5))
    found = place.findings(bucket)
    assert found.code == 0
    assert found.reasons("unverified") == {("log", late): "not_yet_covered"}


def test_an_invalid_digest_is_no_witness_and_the_chain_goes_on(key, place):
    """Without metadata the signature of a digest stands in the next one."""
    bucket = Bucket()
    chain = hours(bucket, key)
    members = read_digest(bucket.objects[chain.digests[3]])
    members["logFiles"] = []
    bucket.objects[chain.digests[3]].body = gzip.compress(json.dumps(members).encode())
    bare = place.findings(bucket, metadata=())
    assert bare.reasons("invalid")[("digest", chain.digests[3])] == "signature_failed"
    # What it says of the digest before it fits, which proves that one.
    assert {name for kind, name in bare.of("valid") if kind == "digest"} == set(chain.digests[:3])
    members["previousDigestSignature"] = "00" * 256
    bucket.objects[chain.digests[3]].body = gzip.compress(json.dumps(members).encode())
    bare = place.findings(bucket, metadata=())
    assert bare.files[("digest", chain.digests[2])]["reason"] == "signature_unknown"
    assert {name for kind, name in bare.of("valid") if kind == "digest"} == set(chain.digests[:2])


def test_another_hash_in_the_next_digest_is_seen(key, place):
    """Only CloudTrail's own key can do this, so awscli does not look at the hash."""
    bucket = Bucket()
    chain = Chain(bucket, key).hour(1)
    chain.previous["hash"] = sha256(b"something else")
    chain.hour(1)
    assert place.awscli_verdicts(bucket, chain).code == 0
    found = place.findings(bucket)
    assert found.reasons("invalid") == {("digest", chain.digests[0]): "chain_mismatch"}


def test_links_that_lead_back_end(foreign_key, keys_file, key, place):
    bucket = Bucket()
    chain = hours(bucket, key, (1, 1))
    members = read_digest(bucket.objects[chain.digests[0]])
    members["previousDigestS3Bucket"] = BUCKET
    members["previousDigestS3Object"] = chain.digests[1]
    bucket.objects[chain.digests[0]] = signed_digest(members, key)
    found = place.findings(bucket)
    assert len(found.files) == 4


def test_integrity_is_kept_for_the_names_that_index_gives(key, place, tmp_path):
    bucket = Bucket()
    chain = hours(bucket, key, (2, 1))
    bucket.objects[chain.logs[0]].body = bucket.objects[chain.logs[1]].body
    del bucket.objects[chain.logs[1]]
    found = place.findings(bucket)
    root = next(path for path in tmp_path.iterdir() if path.name.startswith("tree"))
    data = tmp_path / "data"
    trailsift.index(root, data)
    verify(root, "--keys", str(place.keys_file), "--data", str(data))
    lines = (data / "integrity.csv").read_bytes().decode().split("\r\n")
    assert lines == [
        "log_file,integrity",
        f"{root}/{chain.logs[0]},tampered",
        f"{root}/{chain.logs[1]},missing",
        f"{root}/{chain.logs[2]},verified",
        "",
    ]
    assert found.code == 1
    search = [trailsift.PROGRAM, "search", "--data", str(data), "--facet", "log_file", "--format"]
    answer = json.loads(subprocess.run([*search, "json"], capture_output=True, check=True).stdout)
    assert {lines[1].split(",")[0], lines[3].split(",")[0]} == set(values_of(answer, "log_file"))
    check = subprocess.run([trailsift.PROGRAM, "check", "--data", str(data)], capture_output=True)
    assert check.returncode == 0, check.stdout


def values_of(answer, name):
    buckets = answer["facets"][name]["buckets"]
    return [bucket["value"] for bucket in buckets]
