import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kPayloads } from './payloads';
import { record, type LogRecord } from './program';

/** What all hostile records have in common: the session they were made in, and what they changed. */
export const kSession = 'ASIAHOSTILE000000001';
export const kResource = 'arn:aws:s3:::hostile';

/** Its name is the payload. */
export const accountOf = (number: number): string => String(100_000_000_000 + number);

/** A record of which every field that is shown anywhere is the payload, and a key as well. */
function hostileRecord(payload: string, number: number): LogRecord {
  return record(number, {
    eventID: idOf(number),
    eventType: 'AwsApiCall',
    eventSource: payload,
    eventName: payload,
    awsRegion: payload,
    sourceIPAddress: payload,
    userAgent: payload,
    errorCode: payload,
    errorMessage: payload,
    userIdentity: {
      type: payload,
      userName: payload,
      arn: payload,
      principalId: payload,
      accessKeyId: kSession,
    },
    requestParameters: { name: payload, [payload.slice(0, 100)]: payload },
    resources: [
      { ARN: payload, accountId: payload, type: payload },
      { ARN: kResource, type: 'AWS::S3::Bucket' },
    ],
    recipientAccountId: accountOf(number),
    sharedEventID: payload,
    requestID: payload,
    vpcEndpointId: payload,
  });
}

const kMaxNameBytes = 150;

function cut(payload: string): string {
  return Buffer.from(payload).subarray(0, kMaxNameBytes).toString();
}

/** The payload as far as it may be an id. */
export function idOf(number: number): string {
  return `${cut(kPayloads[number] as string)}#${number}`;
}

/** The ids of those events that the value of one is found in: letters match in either case. */
export function idsLike(number: number): string[] {
  const same = (payload: string): boolean => payload.toLowerCase() === kPayloads[number]?.toLowerCase();
  return kPayloads.flatMap((payload, other) => (same(payload) ? [idOf(other)] : [])).sort();
}

const csvText = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** What verify says of the files, one after the other. */
const kVerdicts = ['tampered', 'missing', 'unverified', 'verified'] as const;

/** Files named by payloads, and a broken record of each for the quarantine; what verify would say of them. */
export function fill(logs: string, data: string): void {
  const verdicts: string[] = [];
  for (const [number, payload] of kPayloads.entries()) {
    const name = payload.replaceAll('/', '\u2215').replaceAll('\0', '').slice(0, 60);
    const lines = [
      JSON.stringify(hostileRecord(payload, number)),
      `{"eventVersion": ${payload.replaceAll('\n', ' ')}`,
    ];
    const file = join(logs, `${number} ${name}.ndjson`);
    writeFileSync(file, lines.map(line => `${line}\n`).join(''));
    verdicts.push(`${csvText(file)},${kVerdicts[number % kVerdicts.length]}\r\n`);
  }
  writeFileSync(join(data, 'integrity.csv'), `log_file,integrity\r\n${verdicts.join('')}`);
  const names = kPayloads.map(
    (payload, number) => `${accountOf(number)},${csvText(payload.slice(0, 200))}\n`,
  );
  writeFileSync(join(data, 'account-names.csv'), `accountId,accountName\n${names.join('')}`);
}

/** The payload as far as it may be the name of a saved search. */
function savedName(payload: string, number: number): string {
  const allowed = payload.replaceAll('/', '\u2215').replace(/\p{Cc}/gu, ' ');
  return `${cut(allowed).trim()}#${number}`;
}

/** Saves a search of each payload, in its name and in all that it asks. */
export async function save(url: string): Promise<void> {
  for (const [number, payload] of kPayloads.entries()) {
    const state = new URLSearchParams({
      q: payload,
      from: payload,
      to: payload,
      off: payload,
      event: payload,
    });
    const answer = await fetch(`${url}/api/saved/${encodeURIComponent(savedName(payload, number))}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ state: state.toString() }),
    });
    if (!answer.ok) throw new Error(`cannot save '${payload}': ${await answer.text()}`);
  }
}

/** The ids of all events that a query finds, in order. */
export async function found(url: string, q: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/search`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ q, size: 10 }),
  });
  const { hits } = (await answer.json()) as { hits?: { id: string }[] };
  return (hits ?? []).map(hit => hit.id).sort();
}
