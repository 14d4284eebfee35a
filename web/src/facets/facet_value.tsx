import type { VNode } from 'preact';
import { only, selected, toggleExcluded, toggleExistence, toggleIncluded } from '../state/conditions';
import { labelOf } from '../state/fields';
import { IconButton } from '../ui/buttons';
import { countText, shareText } from '../ui/count';
import { isLong, NameEnds, WholeName } from '../ui/long_name';
import { visibleString } from '../ui/visible_text';

interface ValueProps {
  field: string;
  value: string;
  /** Absent where a value is selected that no event has. */
  count: number | undefined;
  /** All that is counted: what the bar is a part of. */
  total: number;
  /** Whether all of it is shown, however long it is. */
  whole: boolean;
}

function Bar({ count, total }: { count: number; total: number }): VNode {
  const share = total === 0 ? 0 : Math.min(100, (100 * count) / total);
  return <span class="facet-bar" style={{ width: `${share}%` }} />;
}

/** One value: a click includes it beside others, its buttons choose it alone or leave it out. */
export function FacetValue({ field, value, count, total, whole }: ValueProps): VNode {
  const selection = selected(field);
  const isIn = selection.isIn(value);
  const isOut = selection.isOut(value);
  const name = `${labelOf(field)} ${visibleString(value)}`;
  const toggleOut = (): void => toggleExcluded(field, value);
  return (
    <li class={isIn ? 'is-in' : isOut ? 'is-out' : ''}>
      <button
        type="button"
        class="facet-value"
        aria-pressed={isIn}
        title={`${visibleString(value)}${count === undefined ? '' : ` – ${shareText(count, total)}`}`}
        onClick={() => toggleIncluded(field, value)}
        onKeyDown={event => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === '-') toggleOut();
          else if (event.key === 'o') only(field, value);
        }}
      >
        {count !== undefined && <Bar count={count} total={total} />}
        <span class="facet-text">
          {isLong(value) && !whole ? <NameEnds name={value} /> : <WholeName name={value} />}
        </span>
        {count !== undefined && <span class="count">{countText(count)}</span>}
      </button>
      <span class="facet-actions">
        <IconButton icon="only" label={`Only ${name}`} onClick={() => only(field, value)} />
        <IconButton icon="minus" label={`Exclude ${name}`} pressed={isOut} onClick={toggleOut} />
      </span>
    </li>
  );
}

/** The events that have no value of the field. */
export function MissingValue({
  field,
  count,
  total,
}: {
  field: string;
  count: number;
  total: number;
}): VNode {
  const { missing, exists } = selected(field);
  const name = labelOf(field);
  return (
    <li class={`is-missing ${missing ? 'is-in' : exists ? 'is-out' : ''}`}>
      <button
        type="button"
        class="facet-value"
        aria-pressed={missing}
        title={`No value of ${name} – ${shareText(count, total)}`}
        onClick={() => toggleExistence(field, false)}
      >
        <Bar count={count} total={total} />
        <span class="facet-text">no value</span>
        <span class="count">{countText(count)}</span>
      </button>
      <span class="facet-actions">
        <IconButton
          icon="exists"
          label={`Any value of ${name}`}
          pressed={exists}
          onClick={() => toggleExistence(field, true)}
        />
      </span>
    </li>
  );
}
