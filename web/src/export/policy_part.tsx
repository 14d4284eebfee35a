import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import * as api from '../api/calls';
import type { CallCount, PolicyAnswer } from '../api/types';
import { which } from '../state/results';
import { useAnswer } from '../ui/answer';
import { Awaited } from '../ui/awaited';
import { countText } from '../ui/count';
import { copy } from '../ui/toast';
import { Visible } from '../ui/visible_text';
import { CodeText } from './code_text';
import { basisText, kMostCalls } from './policy_text';

/** The permissions that the calls needed. It takes a search, so it is asked for on demand. */
export function PolicyPart(): VNode {
  const isOpen = useSignal(false);
  return (
    <div class="policy-part">
      <button type="button" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
        Policy that allows these calls
      </button>
      {isOpen.value && <Policy />}
    </div>
  );
}

function Policy(): VNode {
  const asked = which.value;
  const { answer, problem } = useAnswer(JSON.stringify(asked), signal => api.policy(asked, signal));
  return (
    <>
      <Awaited problem={problem} isThere={answer !== undefined} text="Reading the calls…" />
      {answer && <Written answer={answer} />}
    </>
  );
}

function Written({ answer }: { answer: PolicyAnswer }): VNode {
  const { policy, denied, left_out: leftOut } = answer;
  const text = JSON.stringify(policy, null, 2);
  return (
    <>
      <p role="status">{basisText(answer)}</p>
      {policy.Statement.length > 0 && (
        <>
          <p class="quiet">
            An action has the resource <code>*</code> where records of it name none: narrow it by hand.
          </p>
          <CodeText label="IAM policy" text={text} />
          <p class="actions">
            <button type="button" onClick={() => void copy(text, 'the policy')}>
              Copy the policy
            </button>
          </p>
        </>
      )}
      <CallList title="Denied, and not in the policy" calls={denied} />
      <CallList title="Left out: they need no permission, or their name is no action" calls={leftOut} />
    </>
  );
}

function CallList({ title, calls }: { title: string; calls: readonly CallCount[] }): VNode | null {
  if (calls.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <div class="list-scroll call-list" role="region" aria-label={title} tabIndex={0}>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Call</th>
              <th scope="col" class="number">
                Events
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.slice(0, kMostCalls).map(({ event_source: source, event_name: name, events }) => (
              <tr key={JSON.stringify([source, name])}>
                <td>
                  <Visible text={source} />
                </td>
                <td>
                  <Visible text={name} />
                </td>
                <td class="number">{countText(events)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {calls.length > kMostCalls && (
        <p class="quiet">
          {countText(kMostCalls)} of {countText(calls.length)} are listed.
        </p>
      )}
    </>
  );
}
