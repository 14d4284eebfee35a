import { describe, expect, it } from 'vitest';
import { leafCount, textAt, treeOf, type Node } from './json_tree';
import { leavesOf } from './leaves';
import { openedSession, sessionOf } from './sessions_of';
import { actionText, nameOfArn, summaryOf } from './summary';
import { targetOfRecord } from './target';

/** The tree as JSON again, from what it kept of the source. */
function written(node: Node): string {
  if (node.kind === 'array') return `[${node.items.map(written).join(',')}]`;
  if (node.kind !== 'object') return node.source;
  return `{${node.members.map(({ key, node: value }) => `${JSON.stringify(key)}:${written(value)}`).join(',')}}`;
}

describe('the tree', () => {
  it.each([
    '{}',
    '[]',
    '{"b":1,"a":2,"1":3,"0":4}',
    '{"a":1,"a":2}',
    '{"n":12345678901234567890,"m":-1.50e3,"z":-0}',
    '{"s":"\\u003c\\"","t":"x, {y}","e":""}',
    '{"a":{"b":[{"c":[]},{"d":{}}]},"t":true,"f":false,"n":null}',
    '"alone"',
    `${'['.repeat(400)}1${']'.repeat(400)}`,
  ])('keeps %s', json => {
    const tree = treeOf(json);
    expect(tree && written(tree)).toBe(json);
  });

  it.each([
    '',
    'x',
    '{',
    '{"a":1',
    '{"a" 1}',
    '{"a":1}}',
    '[1 2]',
    '[,]',
    '{1:2}',
    '"\\x"',
    `${'['.repeat(5000)}`,
  ])('is not there of %s', json => expect(treeOf(json)).toBeUndefined());

  it('reads white space anywhere', () =>
    expect(textAt(treeOf(' {\n "a" : { "b" :\t7 } } '), 'a', 'b')).toBe('7'));

  it('counts leaves', () => expect(leafCount(treeOf('{"a":[1,2,{"b":null}],"c":{}}') as Node)).toBe(3));
});

describe('leaves', () => {
  it.each([
    ['{"a":{"b":[{"c":1},{"c":"x"}]},"d":true,"e":null}', ['a.b.c=1', 'a.b.c=x', 'd=true']],
    ['{"n":12345678901234567890,"m":-1.50e3,"s":"7"}', ['n=12345678901234567890', 'm=-1.50e3', 's=7']],
    ['{"__proto__":"x","constructor":{"a":1}}', ['__proto__=x', 'constructor.a=1']],
    ['{"a":"\\u0000b","\\u0000n":"c"}', ['a=\0b', '\0n=c']],
    ['not json', []],
  ])('%s', (record, expected) =>
    expect(leavesOf(record).map(({ path, value }) => `${path.join('.')}=${value}`)).toEqual(expected),
  );
});

describe('the words of an action', () => {
  it.each([
    ['DeleteBucket', 'deleted bucket'],
    ['PutBucketPolicy', 'put bucket policy'],
    ['GetFunction20150331v2', 'read function'],
    ['CreateVPCEndpoint', 'created VPC endpoint'],
    ['DescribeDBInstances', 'described DB instances'],
    ['RunInstances', 'ran instances'],
    ['constructor', undefined],
    ['FrobnicateThing', undefined],
    ['Delete Bucket<script>', undefined],
    ['', undefined],
  ])('%s', (name, words) => expect(actionText(name)).toBe(words));
});

describe('the name of a thing', () => {
  it.each([
    ['arn:aws:s3:::bucket/key/a', 'bucket/key/a'],
    ['arn:aws:iam::111122223333:role/path/Admin', 'path/Admin'],
    ['arn:aws:ec2:us-east-1:111122223333:instance/i-0a', 'i-0a'],
    ['arn:aws:lambda:us-east-1:111122223333:function:f', 'f'],
    ['arn:aws:sns:us-east-1:111122223333:topic', 'topic'],
    ['arn:', 'arn:'],
    ['bucket', 'bucket'],
  ])('%s', (arn, name) => expect(nameOfArn(arn)).toBe(name));
});

describe('the sentence', () => {
  const kAlice = { actor: 'alice', user_identity_type: 'IAMUser', event_outcome: 'success' };
  const kAdmin = {
    user_identity_type: 'AssumedRole',
    session_issuer_user_name: 'Admin',
    session_name: 'alice',
    recipient_account_id: '111122223333',
  };
  it.each<[Record<string, string>, string]>([
    [
      {
        ...kAdmin,
        event_name: 'DeleteBucket',
        target: 'x',
        event_outcome: 'failure',
        error_code: 'AccessDenied',
      },
      'alice via role Admin in 111122223333 deleted bucket x, denied',
    ],
    [
      { ...kAdmin, account_name: 'prod', aws_region: 'eu-west-1', event_name: 'GetCallerIdentity' },
      'alice via role Admin in prod, eu-west-1, asked who they are',
    ],
    [
      { ...kAlice, event_name: 'AssumeRole', resources_arn: 'arn:aws:iam::111122223333:role/deploy' },
      'alice assumed the role deploy',
    ],
    [
      { ...kAlice, event_name: 'ConsoleLogin', mfa_authenticated: 'true' },
      'alice signed in to the console, with a second factor',
    ],
    [{ ...kAlice, event_name: 'Frobnicate', target: 'it' }, 'alice called Frobnicate on it'],
    [
      {
        ...kAlice,
        event_name: 'RunInstances',
        event_outcome: 'failure',
        error_code: 'Client.InstanceLimitExceeded',
      },
      'alice ran instances, failed: Client.InstanceLimitExceeded',
    ],
    [
      {
        ...kAlice,
        event_name: 'ConsoleLogin',
        event_outcome: 'failure',
        error_message: 'Failed authentication',
      },
      'alice signed in to the console, failed',
    ],
    [{}, 'someone unknown called nothing that is named'],
    [
      { ...kAlice, actor: '<img src=x>', event_name: 'toString', aws_region: 'r' },
      '<img src=x> in r called toString',
    ],
  ])('%j', (fields, sentence) =>
    expect(
      summaryOf(name => fields[name] ?? '')
        .map(({ text }) => text)
        .join(''),
    ).toBe(sentence),
  );
});

describe('the target of a record', () => {
  it.each([
    ['{"requestParameters":{"name":"n","bucketName":"b"}}', 'b'],
    ['{"requestParameters":{"RoleName":"r"}}', 'r'],
    ['{"requestParameters":{"bucketName":{"x":1},"id":"i"}}', 'i'],
    ['{"requestParameters":null}', ''],
    ['{"requestParameters":{"maxResults":5}}', ''],
    ['[]', ''],
  ])('%s', (record, target) => expect(targetOfRecord(treeOf(record))).toBe(target));
});

describe('the session of an event', () => {
  it.each<[Record<string, string>, string, string]>([
    [{ user_identity_access_key_id: 'ASIA1', event_name: 'GetObject' }, 'ASIA1', ''],
    [{ user_identity_access_key_id: 'AKIA1', event_name: 'AssumeRole' }, '', 'e1'],
    [{ user_identity_type: 'AssumedRole', user_identity_principal_id: 'AROA1:alice' }, 'AROA1:alice', ''],
    [{ user_identity_type: 'IAMUser', user_identity_principal_id: 'AIDA:x' }, '', ''],
    [{ event_name: 'AssumeRole', event_outcome: 'failure' }, '', ''],
  ])('%j', (fields, made, opened) => {
    const field = (name: string): string => fields[name] ?? '';
    expect(sessionOf(field)).toBe(made);
    expect(openedSession('e1', field)).toBe(opened);
  });
});
