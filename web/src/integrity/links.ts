import type { Ask } from '../state/ask';
import { kql } from '../query_text/language';
import { targetOf } from '../state/fields';
import { boundsOf } from '../time/range';
import { searchFor } from '../ui/ask_link';
import { eventsIn, type Cell, type Place } from './coverage';

function condition(field: string, value: string | undefined): string {
  const target = targetOf(field);
  return value === undefined ? kql.exists(target.field, true) : kql.values(target, [value]);
}

/** The events that a cell tells of: those of its state, or all where none has it. Undefined where there are none. */
export function searchOfCell({ account, region }: Place, cell: Cell): Partial<Ask> | undefined {
  if (eventsIn(cell) === 0) return undefined;
  const isOfState = [...cell.events.keys()].some(one => one === cell.state);
  const conditions = [
    condition('recipient_account_id', account),
    condition('aws_region', region),
    ...(isOfState ? [condition('integrity', cell.state)] : []),
  ];
  const { from, to } = boundsOf(cell);
  return searchFor(kql.join(conditions), from, to);
}

/** The events of a file. */
export function searchOfFile(name: string): Partial<Ask> {
  return searchFor(condition('log_file', name));
}
