"""Makes digest chains as CloudTrail delivers them, with keys of its own."""

import base64
import copy
import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BUCKET = "trail-logs"
HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 7, 29, 20, 0, 0, tzinfo=timezone.utc)


def rfc3339(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class SigningKey:
    """An RSA key pair as CloudTrail has one for each region."""

    def __init__(self):
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.der = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.PKCS1
        )
        self.fingerprint = hashlib.md5(self.der).hexdigest()

    def sign(self, text):
        return self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()

    def row(self):
        """Its row in the answer of ListPublicKeys."""
        return {
            "Value": base64.b64encode(self.der).decode(),
            "ValidityStartTime": 1767225600,
            "ValidityEndTime": 1798761600,
            "Fingerprint": self.fingerprint,
        }


@dataclass
class Object:
    body: bytes
    metadata: dict = field(default_factory=dict)


class Bucket:
    """Objects by key, in memory."""

    def __init__(self):
        self.objects = {}

    def copy(self):
        return copy.deepcopy(self)

    def write_tree(self, root, metadata=()):
        """As `aws s3 sync` does; and the metadata of these keys as `head-object` prints it."""
        for key, content in self.objects.items():
            path = root / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.body)
            if key in metadata and content.metadata:
                beside = path.with_name(path.name + ".metadata.json")
                beside.write_text(json.dumps({"Metadata": content.metadata}))

    def upload(self, s3, name=BUCKET):
        """So that the bucket holds this and nothing else."""
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            gone = [{"Key": row["Key"]} for row in page.get("Contents", [])
                    if row["Key"] not in self.objects]
            if gone:
                s3.delete_objects(Bucket=name, Delete={"Objects": gone})
        for key, content in self.objects.items():
            s3.put_object(Bucket=name, Key=key, Body=content.body, Metadata=content.metadata)


class Chain:
    """The digests of one trail in one account and region; each hour() adds the next."""

    def __init__(self, bucket, key, **place):
        self.bucket = bucket
        self.key = key
        self.account = place.get("account", "111122223333")
        self.region = place.get("region", "us-east-1")
        self.trail = place.get("trail", "main_trail")
        self.home = place.get("home", "us-east-1")
        self.backfill = place.get("backfill", False)
        folders = [place.get("prefix"), "AWSLogs", place.get("organization"), self.account]
        self.root = "/".join(folder for folder in folders if folder)
        self.end = place.get("begin", BEGIN)
        self.digests = []  # Keys, oldest first.
        self.logs = []  # Keys, oldest first.
        self.previous = None

    def log_key(self, time, number):
        day = time.strftime("%Y/%m/%d")
        minute = time.strftime("%Y%m%dT%H%MZ")
        return (
            f"{self.root}/CloudTrail/{self.region}/{day}/"
            f"{self.account}_CloudTrail_{self.region}_{minute}_{number:016}.json.gz"
        )

    def digest_key(self, time):
        day = time.strftime("%Y/%m/%d")
        end = time.strftime("%Y%m%dT%H%M%SZ") + ("_backfill" if self.backfill else "")
        return (
            f"{self.root}/CloudTrail-Digest/{self.region}/{day}/"
            f"{self.account}_CloudTrail-Digest_{self.region}_{self.trail}_{self.home}_{end}.json.gz"
        )

    def deliver_log(self, time, events=1):
        key = self.log_key(time, len(self.logs))
        records = [
            {
                "eventVersion": "1.08",
                "eventTime": rfc3339(time - timedelta(minutes=4)),
                "eventSource": "s3.amazonaws.com",
                "eventName": "GetObject",
                "awsRegion": self.region,
                "sourceIPAddress": "198.51.100.7",
                "eventID": sha256(f"{key} {number}".encode())[:32],
                "eventType": "AwsApiCall",
                "recipientAccountId": self.account,
            }
            for number in range(events)
        ]
        body = gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)
        self.bucket.objects[key] = Object(body)
        self.logs.append(key)
        return key

    def hour(self, logs=2):
        """Delivers log files, and after the hour the digest of them."""
        start, self.end = self.end, self.end + HOUR
        keys = [self.deliver_log(start + timedelta(minutes=5 + 7 * n)) for n in range(logs)]
        members = {
            "awsAccountId": self.account,
            "digestStartTime": rfc3339(start),
            "digestEndTime": rfc3339(self.end),
            "digestS3Bucket": BUCKET,
            "digestS3Object": self.digest_key(self.end),
            "digestPublicKeyFingerprint": self.key.fingerprint,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": rfc3339(self.end) if keys else None,
            "oldestEventTime": rfc3339(start) if keys else None,
            **self.link(),
            "logFiles": [
                {
                    "s3Bucket": BUCKET,
                    "s3Object": key,
                    "hashValue": sha256(gzip.decompress(self.bucket.objects[key].body)),
                    "hashAlgorithm": "SHA-256",
                    "newestEventTime": rfc3339(self.end),
                    "oldestEventTime": rfc3339(start),
                }
                for key in keys
            ],
        }
        self.deliver_digest(members)
        return self

    def pause(self, hours):
        """Validation is off, and begins a new chain afterwards."""
        self.end += hours * HOUR
        self.previous = None
        return self

    def link(self):
        previous = self.previous or {}
        return {
            "previousDigestS3Bucket": previous.get("bucket"),
            "previousDigestS3Object": previous.get("key"),
            "previousDigestHashValue": previous.get("hash"),
            "previousDigestHashAlgorithm": "SHA-256" if previous else None,
            "previousDigestSignature": previous.get("signature"),
        }

    def deliver_digest(self, members):
        key = members["digestS3Object"]
        content = signed_digest(members, self.key)
        if self.backfill:
            content.metadata["backfill-generation-timestamp"] = rfc3339(self.end + HOUR)
        self.bucket.objects[key] = content
        self.digests.append(key)
        self.previous = {
            "bucket": BUCKET,
            "key": key,
            "hash": sha256(gzip.decompress(content.body)),
            "signature": content.metadata["signature"],
        }


def signed_digest(members, key):
    text = json.dumps(members).encode()
    previous = members["previousDigestSignature"]
    to_sign = "\n".join(
        [
            members["digestEndTime"],
            f"{members['digestS3Bucket']}/{members['digestS3Object']}",
            sha256(text),
            "null" if previous is None else previous,
        ]
    )
    metadata = {"signature": key.sign(to_sign), "signature-algorithm": "SHA256withRSA"}
    return Object(gzip.compress(text, mtime=0), metadata)


def read_digest(content):
    return json.loads(gzip.decompress(content.body))
