"""What somebody with access to the bucket may do to a chain of five hours with 2, 3, 0, 1 and 2 log
files, and the reasons to give for it."""

import gzip
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Callable

from digest_chain import BEGIN, Object, read_digest, signed_digest


@dataclass
class Tampering:
    name: str
    apply: Callable  # (bucket, chain, foreign_key) -> {(kind, key): reason}
    stricter: bool = False  # awscli does not see it.
    # Where awscli gives another reason for the file.
    awscli_says: str = ""
    # A copy without metadata cannot show it.
    needs_metadata: bool = False

    def unseen_by_awscli(self, expected):
        return {name for name in expected if self.stricter}


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]


def change(bucket, key, members):
    """Other members of a digest under the old signature."""
    text = json.dumps({**read_digest(bucket.objects[key]), **members}).encode()
    bucket.objects[key].body = gzip.compress(text)


def flipped_byte_in_log(bucket, chain, _):
    key = chain.logs[2]
    text = gzip.decompress(bucket.objects[key].body)
    bucket.objects[key].body = gzip.compress(flip(text, text.index(b"GetObject")))
    return {("log", key): "hash_mismatch"}


def flipped_byte_in_compressed_log(bucket, chain, _):
    key = chain.logs[2]
    body = bucket.objects[key].body
    bucket.objects[key].body = flip(body, len(body) - 6)
    return {("log", key): "invalid_format"}


def log_deleted(bucket, chain, _):
    del bucket.objects[chain.logs[3]]
    return {("log", chain.logs[3]): "not_found"}


def log_replaced_by_older(bucket, chain, _):
    bucket.objects[chain.logs[4]] = bucket.objects[chain.logs[0]]
    return {("log", chain.logs[4]): "hash_mismatch"}


def log_not_compressed(bucket, chain, _):
    key = chain.logs[0]
    bucket.objects[key].body = gzip.decompress(bucket.objects[key].body)
    return {("log", key): "invalid_format"}


def log_truncated(bucket, chain, _):
    key = chain.logs[0]
    bucket.objects[key].body = bucket.objects[key].body[:-20]
    return {("log", key): "invalid_format"}


def log_without_its_checksum(bucket, chain, _):
    key = chain.logs[0]
    bucket.objects[key].body = bucket.objects[key].body[:-8]
    return {("log", key): "invalid_format"}


def log_empty(bucket, chain, _):
    bucket.objects[chain.logs[0]].body = b""
    return {("log", chain.logs[0]): "invalid_format"}


def member_appended_to_log(bucket, chain, _):
    key = chain.logs[1]
    bucket.objects[key].body += gzip.compress(b'{"Records":[]}')
    return {("log", key): "trailing_data"}


def zeros_appended_to_log(bucket, chain, _):
    key = chain.logs[1]
    bucket.objects[key].body += bytes(512)
    return {("log", key): "trailing_data"}


def log_added(bucket, chain, _):
    key = chain.log_key(BEGIN + timedelta(minutes=70), 99)
    bucket.objects[key] = bucket.objects[chain.logs[0]]
    return {("log", key): "unlisted"}


def log_added_under_another_name(bucket, chain, _):
    key = chain.logs[2].replace("_CloudTrail_", "-extra-")
    bucket.objects[key] = bucket.objects[chain.logs[0]]
    return {("log", key): "unlisted"}


def digest_deleted(bucket, chain, _):
    del bucket.objects[chain.digests[2]]
    return {("digest", chain.digests[2]): "not_found"}


def two_digests_deleted(bucket, chain, _):
    del bucket.objects[chain.digests[1]], bucket.objects[chain.digests[2]]
    return {("digest", chain.digests[2]): "not_found"}


def flipped_byte_in_digest(bucket, chain, _):
    key = chain.digests[1]
    text = gzip.decompress(bucket.objects[key].body)
    bucket.objects[key].body = gzip.compress(flip(text, text.index(b"oldestEventTime")))
    return {("digest", key): "signature_failed"}


def flipped_byte_in_compressed_digest(bucket, chain, _):
    key = chain.digests[1]
    bucket.objects[key].body = flip(bucket.objects[key].body, 40)
    return {("digest", key): "invalid_format"}


def digest_truncated(bucket, chain, _):
    bucket.objects[chain.digests[1]].body = bucket.objects[chain.digests[1]].body[:-4]
    return {("digest", chain.digests[1]): "invalid_format"}


def digest_is_no_digest(bucket, chain, _):
    bucket.objects[chain.digests[1]].body = gzip.compress(b'{"Records":[]}')
    return {("digest", chain.digests[1]): "invalid_format"}


def digest_resigned(bucket, chain, foreign_key):
    """With the fingerprint of CloudTrail's key."""
    members = read_digest(bucket.objects[chain.digests[3]])
    members["logFiles"] = []
    bucket.objects[chain.digests[3]] = signed_digest(members, foreign_key)
    return {("digest", chain.digests[3]): "signature_failed"}


def digest_of_another_key(bucket, chain, foreign_key):
    members = read_digest(bucket.objects[chain.digests[3]])
    members["digestPublicKeyFingerprint"] = foreign_key.fingerprint
    bucket.objects[chain.digests[3]] = signed_digest(members, foreign_key)
    return {("digest", chain.digests[3]): "unknown_key"}


def digest_of_another_hour(bucket, chain, _):
    bucket.objects[chain.digests[3]] = bucket.objects[chain.digests[1]]
    return {("digest", chain.digests[3]): "moved"}


def digest_of_another_bucket(bucket, chain, _):
    change(bucket, chain.digests[3], {"digestS3Bucket": "another-bucket"})
    return {("digest", chain.digests[3]): "moved"}


def previous_hash_changed(bucket, chain, _):
    change(bucket, chain.digests[3], {"previousDigestHashValue": "0" * 64})
    return {("digest", chain.digests[3]): "signature_failed"}


def signature_of_another(bucket, chain, _):
    mine, other = bucket.objects[chain.digests[4]], bucket.objects[chain.digests[1]]
    bucket.objects[chain.digests[4]] = Object(mine.body, other.metadata)
    return {("digest", chain.digests[4]): "signature_failed"}


def newest_digest_changed(bucket, chain, _):
    change(bucket, chain.digests[4], {"newestEventTime": "2026-07-29T00:00:00Z"})
    return {("digest", chain.digests[4]): "signature_failed"}


def digest_slipped_in(bucket, chain, foreign_key):
    """That the chain does not come to, so that awscli does not look at it."""
    key = chain.digest_key(BEGIN + timedelta(minutes=150))
    members = read_digest(bucket.objects[chain.digests[1]])
    bucket.objects[key] = signed_digest({**members, "digestS3Object": key}, foreign_key)
    return {("digest", key): "signature_failed"}


TAMPERINGS = [
    Tampering("flipped byte in a log", flipped_byte_in_log),
    Tampering("flipped byte in a compressed log", flipped_byte_in_compressed_log),
    Tampering("log deleted", log_deleted),
    Tampering("log replaced by an older one", log_replaced_by_older),
    Tampering("log not compressed", log_not_compressed),
    Tampering("log truncated", log_truncated, awscli_says="hash value doesn't match"),
    Tampering("log without its checksum", log_without_its_checksum, stricter=True),
    Tampering("empty log", log_empty, awscli_says="hash value doesn't match"),
    Tampering("gzip member appended", member_appended_to_log),
    Tampering("zeros appended", zeros_appended_to_log),
    Tampering("log added", log_added, stricter=True),
    Tampering("log added under another name", log_added_under_another_name, stricter=True),
    Tampering("digest deleted", digest_deleted),
    Tampering("two digests deleted", two_digests_deleted),
    Tampering("flipped byte in a digest", flipped_byte_in_digest),
    Tampering("flipped byte in a compressed digest", flipped_byte_in_compressed_digest),
    Tampering("digest truncated", digest_truncated),
    Tampering("digest that is none", digest_is_no_digest),
    Tampering("digest re-signed", digest_resigned),
    Tampering("digest of another key", digest_of_another_key),
    Tampering("digest of another hour", digest_of_another_hour),
    Tampering("digest of another bucket", digest_of_another_bucket),
    Tampering("previous hash changed", previous_hash_changed),
    Tampering("signature of another digest", signature_of_another, needs_metadata=True),
    Tampering("newest digest changed", newest_digest_changed, needs_metadata=True),
    Tampering("digest slipped in", digest_slipped_in, stricter=True),
]
