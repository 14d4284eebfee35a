import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LogRecord } from './program';

/** Two accounts and what happened in them, delivered as CloudTrail does; times are before now. */
export const kHome = '111122223333';
export const kOther = '444455556666';
export const kInstance = 'i-0abc1234def567890';
const kSessionKey = 'ASIAIOSFODNN7EXAMPLE';
const kAdminRole = `arn:aws:iam::${kOther}:role/Admin`;

/** Everything in these stories is told from here. */
const kNow = Date.now();
const kHour = 3_600_000;

/** The beginning of the day before today, in UTC. */
export function yesterday(): string {
  return new Date(kNow - 24 * kHour).toISOString().slice(0, 10);
}

export function today(): string {
  return new Date(kNow).toISOString().slice(0, 10);
}

function hoursAgo(hours: number): string {
  return new Date(kNow - hours * kHour).toISOString().replace(/\.\d+Z$/, 'Z');
}

function user(name: string, account = kHome): LogRecord {
  return {
    type: 'IAMUser',
    principalId: `AIDA${name.toUpperCase().padEnd(17, 'X')}`,
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: name,
  };
}

const kService = { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' };

const kAliceInOther = {
  type: 'AssumedRole',
  principalId: 'AROAADMINXXXXXXXXXXXX:alice',
  arn: `arn:aws:sts::${kOther}:assumed-role/Admin/alice`,
  accountId: kOther,
  accessKeyId: kSessionKey,
  sessionContext: {
    sourceIdentity: 'alice',
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAADMINXXXXXXXXXXXX',
      arn: kAdminRole,
      accountId: kOther,
      userName: 'Admin',
    },
    attributes: { mfaAuthenticated: 'true', creationDate: hoursAgo(5) },
  },
};

let numbered = 0;

function event(
  hours: number,
  service: string,
  name: string,
  who: LogRecord,
  members: LogRecord = {},
): LogRecord {
  numbered++;
  return {
    eventVersion: '1.09',
    userIdentity: who,
    eventTime: hoursAgo(hours),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.15.30',
    requestID: `request-${numbered}`,
    eventID: `00000000-0000-4000-8000-${String(numbered).padStart(12, '0')}`,
    readOnly: /^(Get|List|Describe)/.test(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: kHome,
    ...members,
  };
}

const inOther = { recipientAccountId: kOther };

function instanceStory(): LogRecord[] {
  const items = { instancesSet: { items: [{ instanceId: kInstance }] } };
  return [
    event(30, 'ec2', 'RunInstances', user('bob'), {
      requestParameters: { imageId: 'ami-0123456789abcdef0', instanceType: 't3.large' },
      responseElements: items,
    }),
    event(29, 'ec2', 'DescribeInstances', user('carol'), { requestParameters: items }),
    event(6, 'ec2', 'StopInstances', user('carol'), { requestParameters: items }),
  ];
}

function creationStory(): LogRecord[] {
  const made = [
    event(3, 's3', 'CreateBucket', user('alice'), { requestParameters: { bucketName: 'reports' } }),
    event(4, 'iam', 'CreateUser', user('bob'), { requestParameters: { userName: 'mallory' } }),
    event(7, 'dynamodb', 'CreateTable', user('carol'), { requestParameters: { tableName: 'orders' } }),
  ];
  const streams = Array.from({ length: 40 }, (_, at) =>
    event(1 + at / 4, 'logs', 'CreateLogStream', kService),
  );
  return [...made, ...streams, event(80, 'ec2', 'CreateVpc', user('bob'))];
}

function roleStory(): LogRecord[] {
  const issued = {
    requestParameters: { roleArn: kAdminRole, roleSessionName: 'alice' },
    responseElements: {
      credentials: { accessKeyId: kSessionKey },
      assumedRoleUser: {
        assumedRoleId: 'AROAADMINXXXXXXXXXXXX:alice',
        arn: `arn:aws:sts::${kOther}:assumed-role/Admin/alice`,
      },
    },
    sharedEventID: '00000000-0000-4000-9000-000000000001',
  };
  const denied = {
    errorCode: 'AccessDenied',
    errorMessage: 'User: alice is not authorized to perform: s3:PutBucketPolicy',
  };
  return [
    event(5, 'sts', 'AssumeRole', user('alice'), issued),
    event(5, 'sts', 'AssumeRole', user('alice'), { ...issued, ...inOther }),
    event(4.9, 's3', 'ListBuckets', kAliceInOther, inOther),
    event(4.8, 's3', 'DeleteBucket', kAliceInOther, {
      ...inOther,
      requestParameters: { bucketName: 'old-logs' },
    }),
    event(4.7, 's3', 'PutBucketPolicy', kAliceInOther, { ...inOther, ...denied }),
  ];
}

function regionStory(): LogRecord[] {
  const at = (hour: number): LogRecord => ({
    eventTime: `${yesterday()}T${String(hour).padStart(2, '0')}:30:00Z`,
  });
  const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2', 'sa-east-1', 'ap-southeast-2'];
  return regions.map((awsRegion, hour) =>
    event(0, 'ec2', 'DescribeVolumes', user('dave'), {
      awsRegion,
      ...at(hour),
      sourceIPAddress: '203.0.113.9',
    }),
  );
}

function loginStory(): LogRecord[] {
  const failed = {
    errorMessage: 'Failed authentication',
    responseElements: { ConsoleLogin: 'Failure' },
    eventType: 'AwsConsoleSignIn',
    sourceIPAddress: '203.0.113.66',
  };
  const attempts = Array.from({ length: 6 }, (_, at) =>
    event(20 + at, 'signin', 'ConsoleLogin', user('eve'), failed),
  );
  const root = { type: 'Root', principalId: kHome, arn: `arn:aws:iam::${kHome}:root`, accountId: kHome };
  return [
    ...attempts,
    event(9, 'signin', 'ConsoleLogin', root, { responseElements: { ConsoleLogin: 'Success' } }),
  ];
}

export const kNoise = 150;

/** Reads by a service, so that there is more than a page. */
function noise(): LogRecord[] {
  return Array.from({ length: kNoise }, (_, at) => event(100 + at, 's3', 'GetObject', kService));
}

export const kStories: readonly LogRecord[] = [
  ...instanceStory(),
  ...creationStory(),
  ...roleStory(),
  ...regionStory(),
  ...loginStory(),
  ...noise(),
];

/** Writes them below `logs` as CloudTrail delivers them: a file for each account, region and day. */
export function deliver(logs: string, records: readonly LogRecord[] = kStories): void {
  const files = new Map<string, LogRecord[]>();
  for (const record of records) {
    const account = String(record['recipientAccountId']);
    const day = String(record['eventTime']).slice(0, 10);
    const folder = `AWSLogs/${account}/CloudTrail/${record['awsRegion']}/${day.replaceAll('-', '/')}`;
    const name = `${account}_CloudTrail_${record['awsRegion']}_${day.replaceAll('-', '')}T2359Z_e2e.json.gz`;
    const path = join(logs, folder, name);
    files.set(path, [...(files.get(path) ?? []), record]);
  }
  for (const [path, Records] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify({ Records })));
  }
}

export function nameAccounts(data: string): void {
  writeFileSync(
    join(data, 'account-names.csv'),
    `accountId,accountName\n${kHome},Home\n${kOther},Production\n`,
  );
}
