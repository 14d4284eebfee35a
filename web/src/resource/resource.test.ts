import { describe, expect, it } from 'vitest';
import type { Hit } from '../api/types';
import { kindOf, Life, plainName, stageOf, type Parameter } from './life';
import { lifeQuery } from './resource_view';

function hit(event_name: string, error_code = ''): Hit {
  const fields = { event_name, event_outcome: error_code ? 'failure' : 'success', error_code };
  return { id: event_name, time: '2021-07-01T00:00:00Z', fields };
}

describe('the name of a resource', () => {
  it.each([
    ['arn:aws:s3:::b/key', 'b', 'object'],
    ['arn:aws:s3:::b', 'b', 'bucket'],
    ['arn:aws:iam::111122223333:role/path/Admin', 'Admin', 'role'],
    ['arn:aws:ec2:us-east-1:111122223333:security-group/sg-1', 'sg-1', 'securitygroup'],
    ['arn:aws:lambda:us-east-1:111122223333:function:f', 'f', ''],
    ['sg-1', 'sg-1', ''],
  ])('%s', (resource, name, kind) => {
    expect(plainName(resource)).toBe(name);
    expect(kindOf(resource)).toBe(kind);
  });
});

describe('what an event was to a resource', () => {
  it.each<[Hit, string, string]>([
    [hit('CreateBucket'), 'bucket', 'created'],
    [hit('DeleteBucket'), 'bucket', 'deleted'],
    [hit('DeleteBucketPolicy'), 'bucket', 'changed'],
    [hit('PutBucketPolicy'), 'bucket', 'changed'],
    [hit('RunInstances'), 'instance', 'created'],
    [hit('TerminateInstances'), 'instance', 'deleted'],
    [hit('DeleteRole', 'AccessDenied'), 'role', 'failed'],
    [hit('DeleteRolePolicy'), '', 'deleted'],
    [hit('CreateFunction20150331'), 'function', 'created'],
  ])('%j of a %s', (event, kind, stage) => expect(stageOf(event, kind)).toBe(stage));
});

describe('a life', () => {
  type Step = [Hit, ...[string, string][]];
  const kSteps: readonly Step[] = [
    [
      hit('CreateRole'),
      ['roleName', 'Admin'],
      ['maxSessionDuration', '3600'],
      ['tags.key', 'a'],
      ['tags.key', 'b'],
    ],
    [hit('UpdateRole', 'AccessDenied'), ['roleName', 'Admin'], ['maxSessionDuration', '43200']],
    [
      hit('UpdateRole'),
      ['roleName', 'Admin'],
      ['maxSessionDuration', '7200'],
      ['tags.key', 'a'],
      ['tags.key', 'b'],
    ],
    [hit('DeleteRole'), ['roleName', 'Admin']],
    [hit('CreateRole'), ['maxSessionDuration', '7200']],
  ];

  it('has what each request changed, and what it was before', () => {
    const life = new Life('arn:aws:iam::111122223333:role/Admin');
    for (const [event, ...pairs] of kSteps) life.add(event, asParameters(pairs));
    expect(
      life.events.map(({ stage, changes }) => [
        stage,
        ...changes.map(one => `${one.path}: ${one.before} → ${one.after}`),
      ]),
    ).toEqual([
      ['created', 'maxSessionDuration: undefined → 3600', 'tags.key: undefined → a, b'],
      ['failed', 'maxSessionDuration: 3600 → 43200'],
      ['changed', 'maxSessionDuration: 3600 → 7200'],
      ['deleted'],
      ['created', 'maxSessionDuration: undefined → 7200'],
    ]);
  });

  function asParameters(pairs: [string, string][]): Parameter[] {
    return pairs.map(([path, value]) => ({ path, value }));
  }
});

describe('the query of a life', () => {
  it.each<[string, boolean, string]>([
    ['arn:aws:s3:::b', false, '("arn:aws:s3:::b" or "b") and not read_only:true and not event_category:Data'],
    ['x"y', true, '"x\\"y" and not read_only:true'],
  ])('%s', (resource, withData, query) => expect(lifeQuery(resource, withData)).toBe(query));
});
