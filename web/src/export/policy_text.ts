import type { PolicyAnswer } from '../api/types';
import { countText } from '../ui/count';

/** Calls that one list draws. */
export const kMostCalls = 200;

type Basis = Pick<PolicyAnswer, 'calls' | 'other_events' | 'policy'>;

/** What a policy was written from. */
export function basisText({ calls, other_events: others, policy }: Basis): string {
  const from = calls === 1 ? '1 call' : `${countText(calls)} calls`;
  const begin = policy.Statement.length > 0 ? `From ${from}.` : `Nothing to allow among ${from}.`;
  if (others === 0) return begin;
  return `${begin} ${others === 1 ? '1 event is' : `${countText(others)} events are`} no call, such as a sign-in.`;
}
