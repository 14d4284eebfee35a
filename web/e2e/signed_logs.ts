import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { trailsift } from './program';

/** Digests over delivered files, signed as CloudTrail does (docs/integrity.md), and what verify says of them. */

const kBucket = 'trail-logs';
const kDay = 86_400_000;

interface SigningKey {
  privateKey: KeyObject;
  fingerprint: string;
  /** As `aws cloudtrail list-public-keys` prints it. */
  listed: string;
}

function signingKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'pkcs1', format: 'der' });
  const fingerprint = createHash('md5').update(der).digest('hex');
  const row = { Value: der.toString('base64'), Fingerprint: fingerprint };
  return { privateKey, fingerprint, listed: JSON.stringify({ PublicKeyList: [row] }) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const timeOf = (time: number): string => new Date(time).toISOString().replace('.000', '');

/** The log files below `logs`, by account, region and day: `AWSLogs/…/2021/07/29`. */
function filesByDay(logs: string): Map<string, string[]> {
  const days = new Map<string, string[]>();
  for (const name of readdirSync(logs, { recursive: true, encoding: 'utf8' }).sort()) {
    const day = /^AWSLogs\/\d{12}\/CloudTrail\/[^/]+\/\d{4}\/\d\d\/\d\d(?=\/.*\.json\.gz$)/.exec(name)?.[0];
    if (day) days.set(day, [...(days.get(day) ?? []), name]);
  }
  return days;
}

interface Digest {
  name: string;
  hash: string;
  signature: string;
}

/** Writes the digest of a day, which names the one before. */
function writeDigest(
  logs: string,
  day: string,
  files: readonly string[],
  key: SigningKey,
  before?: Digest,
): Digest {
  const [, account, , region, year, month, date] = day.split('/');
  const begin = Date.parse(`${year}-${month}-${date}`);
  const end = timeOf(begin + kDay);
  const stamp = end.replace(/[-:]/g, '');
  const name = `AWSLogs/${account}/CloudTrail-Digest/${region}/${year}/${month}/${date}/${account}_CloudTrail-Digest_${region}_main_us-east-1_${stamp}.json.gz`;
  const text = Buffer.from(
    JSON.stringify({
      awsAccountId: account,
      digestStartTime: timeOf(begin),
      digestEndTime: end,
      digestS3Bucket: kBucket,
      digestS3Object: name,
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: end,
      oldestEventTime: timeOf(begin),
      previousDigestS3Bucket: before ? kBucket : null,
      previousDigestS3Object: before?.name ?? null,
      previousDigestHashValue: before?.hash ?? null,
      previousDigestHashAlgorithm: before ? 'SHA-256' : null,
      previousDigestSignature: before?.signature ?? null,
      logFiles: files.map(file => ({
        s3Bucket: kBucket,
        s3Object: file,
        hashValue: sha256(gunzipSync(readFileSync(join(logs, file)))),
        hashAlgorithm: 'SHA-256',
        newestEventTime: end,
        oldestEventTime: timeOf(begin),
      })),
    }),
  );
  const hash = sha256(text);
  const toSign = [end, `${kBucket}/${name}`, hash, before?.signature ?? 'null'].join('\n');
  const signature = sign('RSA-SHA256', Buffer.from(toSign), key.privateKey).toString('hex');
  const path = join(logs, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(text));
  return { name, hash, signature };
}

/** What happens to a file after it was signed. */
export interface Harm {
  tampered: string;
  missing: string;
}

/**
 * Signs all days of all places below `logs` but the newest of each, whose signature no further digest holds; changes
 * one file, removes another, and lets `trailsift verify` find out.
 */
export function verifyTree(logs: string, data: string, harm: (files: readonly string[]) => Harm): Harm {
  const key = signingKey();
  const last = new Map<string, Digest>();
  const days = filesByDay(logs);
  for (const [day, files] of days) {
    const place = day.slice(0, -'/2021/07/29'.length);
    last.set(place, writeDigest(logs, day, files, key, last.get(place)));
  }
  const { tampered, missing } = harm([...days.values()].flat());
  const records = JSON.parse(gunzipSync(readFileSync(join(logs, tampered))).toString()) as {
    Records: object[];
  };
  const changed = records.Records.map(record => ({ ...record, sourceIPAddress: '203.0.113.1' }));
  writeFileSync(join(logs, tampered), gzipSync(JSON.stringify({ Records: changed })));
  rmSync(join(logs, missing));
  const keys = join(data, '..', 'keys.json');
  writeFileSync(keys, key.listed);
  // 1: something is invalid.
  trailsift(['verify', logs, '--keys', keys, '--data', data], 1);
  return { tampered, missing };
}
