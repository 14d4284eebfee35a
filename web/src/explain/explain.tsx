import type { VNode } from 'preact';
import * as api from '../api/calls';
import type { Explanation } from '../api/types';
import { ask, change } from '../state/ask';
import { which } from '../state/results';
import { useAnswer } from '../ui/answer';
import { countText, shareText } from '../ui/count';
import { Visible, visibleString } from '../ui/visible_text';
import { narrowest, rowsOf, withoutDead, type ExplainedRow } from './rows';
import './explain.css';

/** What each condition of the query does to the number of hits, each to be dropped by a click. */
export function Explain(): VNode {
  const asked = which.value;
  const { answer, problem } = useAnswer(JSON.stringify(asked), signal => api.explain(asked, signal));
  if (problem)
    return (
      <p role="alert">
        Why cannot be told: <Visible text={problem} />
      </p>
    );
  if (!answer) return <p role="status">Counting what each condition does…</p>;
  return <Explained explanation={answer} />;
}

function Explained({ explanation }: { explanation: Explanation }): VNode {
  const { q, syntax } = ask.value;
  const { total, time } = explanation;
  const rows = rowsOf(explanation, q, syntax);
  return (
    <div class="explain">
      <p>{verdict(rows, explanation)}</p>
      {time && time.without > total && (
        <p>
          <button type="button" onClick={() => change({ from: '', to: '' })}>
            Search all time
          </button>{' '}
          finds <b>{countText(time.without)}</b> {events(time.without)}.
        </p>
      )}
      {rows.length > 0 && <Rows rows={rows} total={total} />}
    </div>
  );
}

function events(count: number): string {
  return count === 1 ? 'event' : 'events';
}

function verdict(rows: readonly ExplainedRow[], { total, time }: Explanation): VNode | string {
  const first = narrowest(rows, total);
  const never = rows.filter(row => row.hits === 0);
  if (first)
    return (
      <>
        {total === 0 ? 'Left out, this condition would bring the most: ' : 'This condition narrows most: '}
        <code>
          <Visible text={first.text} />
        </code>
      </>
    );
  if (total === 0 && time && time.without > 0) return 'It matches, but not in this time range.';
  if (never.length > 0) return <DropDead rows={rows} count={never.length} />;
  return total === 0
    ? 'No condition alone is the cause: they exclude one another.'
    : 'No condition narrows the result.';
}

function DropDead({ rows, count }: { rows: readonly ExplainedRow[]; count: number }): VNode {
  const { q, syntax } = ask.value;
  return (
    <>
      {count === 1 ? 'One condition matches' : `${count} conditions match`} nothing alone, nor do the others
      together.{' '}
      {syntax === 'kql' && (
        <button type="button" onClick={() => change({ q: withoutDead(q, rows) })}>
          {count === 1 ? 'Drop it' : 'Drop them'}
        </button>
      )}
    </>
  );
}

function Rows({ rows, total }: { rows: readonly ExplainedRow[]; total: number }): VNode {
  const most = Math.max(total, ...rows.map(row => row.without), 1);
  return (
    <div class="explain-scroll">
      <table class="explain-table">
        <thead>
          <tr>
            <th scope="col">Condition</th>
            <th scope="col">Alone</th>
            <th scope="col">Without it</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row key={`${index} ${row.text}`} row={row} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, most }: { row: ExplainedRow; most: number }): VNode {
  return (
    <tr>
      <th scope="row">
        <code>
          <Visible text={row.text} />
        </code>
      </th>
      <td class={row.hits === 0 ? 'explain-none' : ''}>{row.hits === 0 ? 'nothing' : countText(row.hits)}</td>
      <td>
        <span class="explain-bar" style={{ width: `${(100 * row.without) / most}%` }} aria-hidden="true" />
        <span class="explain-count" title={shareText(row.without, most)}>
          {countText(row.without)}
        </span>
      </td>
      <td>
        <button
          type="button"
          aria-label={`Drop: ${visibleString(row.text)}`}
          onClick={() => change({ q: row.dropped })}
        >
          Drop
        </button>
      </td>
    </tr>
  );
}
