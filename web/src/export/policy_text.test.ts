import { expect, it } from 'vitest';
import { basisText } from './policy_text';

it.each([
  [1, 0, 1, 'From 1 call.'],
  [4200, 0, 3, 'From 4,200 calls.'],
  [2, 1, 1, 'From 2 calls. 1 event is no call, such as a sign-in.'],
  [0, 12, 0, 'Nothing to allow among 0 calls. 12 events are no call, such as a sign-in.'],
])('%d calls, %d other events, %d statements: %s', (calls, others, statements, text) => {
  const policy = { Version: '2012-10-17', Statement: Array.from({ length: statements }, () => ({})) };
  expect(basisText({ calls, other_events: others, policy })).toBe(text);
});
