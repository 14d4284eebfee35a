import type { ComponentChildren, VNode } from 'preact';
import type { Hit } from '../api/types';
import { fieldOf } from '../state/fields';
import { timeText } from '../time/zone';
import { Visible, visibleNodes, visibleString } from '../ui/visible_text';
import { accountText } from './copies';
import { outcomeOf, valueOf, type Outcome } from './outcome';

const kSigns = { denied: '⊘', error: '!' } as const;

/** The sign of a call that failed, which is there whatever columns are shown. */
export function OutcomeSign({ outcome }: { outcome: Outcome }): VNode | null {
  if (outcome === 'ok') return null;
  return (
    <span class={`sign ${outcome}`} title={outcome}>
      <span aria-hidden="true">{kSigns[outcome]}</span>
      <span class="for-readers">{outcome} </span>
    </span>
  );
}

/** The sign of an action that left copies in several accounts, and in which beside that of the row. */
export function CopiesSign({ copies }: { copies: readonly Hit[] }): VNode {
  const others = copies.slice(1).map(accountText);
  const said = `also in account${others.length > 1 ? 's' : ''} `;
  return (
    <span class="copies" title={said + visibleString(others.join(', '))}>
      <span aria-hidden="true">×{copies.length}</span>
      <span class="for-readers copies-told">
        {said}
        {others.map((account, at) => [at > 0 && ', ', <Visible text={account} />])}{' '}
      </span>
    </span>
  );
}

/** What a cell says, as its field is best read. */
export function cellText(value: string, name: string, zone: string): string {
  if (value === '') return '';
  if (name === 'event_time' || fieldOf(name)?.type === 'time') return timeText(value, zone);
  return name === 'event_source' ? value.replace(/\.amazonaws\.com$/, '') : value;
}

const kLongValue = 16;

/** What a cell holds. It needs no element beside that of the cell: there are hundreds of them. */
export function cellContent(hit: Hit, name: string, zone: string): ComponentChildren {
  const value = valueOf(hit, name);
  if (name === 'error_code') return OutcomeBadge({ hit, code: value });
  return value === '' ? null : visibleNodes(cellText(value, name, zone));
}

/** All of what a cell may show in part, or in other words; empty where it shows all. */
export function cellTitle(hit: Hit, name: string, zone: string): string {
  const value = valueOf(hit, name);
  if (name === 'error_code') {
    return outcomeOf(hit) === 'ok' ? '' : visibleString(valueOf(hit, 'error_message') || value);
  }
  return value.length > kLongValue || cellText(value, name, zone) !== value ? visibleString(value) : '';
}

function OutcomeBadge({ hit, code }: { hit: Hit; code: string }): VNode {
  const outcome = outcomeOf(hit);
  if (outcome === 'ok') return <span class="quiet">ok</span>;
  return (
    <span class={`badge ${outcome}`}>
      {kSigns[outcome]} <Visible text={code || 'failed'} />
    </span>
  );
}
