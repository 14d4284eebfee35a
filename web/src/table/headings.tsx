import type { VNode } from 'preact';
import { ask, change } from '../state/ask';
import { fieldOf, labelOf } from '../state/fields';
import { columnWidths } from '../state/settings';
import { useDragging } from '../ui/dragging';
import { movedColumn, resized, withoutColumn } from './columns';

interface HeadingsProps {
  columns: readonly string[];
  /** The width of each as it is shown. */
  widths: readonly number[];
  /** How wide a column must be for all that is in sight of it. */
  fit: (at: number) => number;
  /** The column that has the place of the keyboard; -1: none of the headings. */
  cursor: number;
}

const kKeyStep = 16;

/** The headings: sorted by a click, moved by dragging or Ctrl and arrows, resized at their edge or by Shift and arrows. */
export function Headings({ columns, widths, fit, cursor }: HeadingsProps): VNode {
  const { source, target, mark } = useDragging(columns, (name, to) =>
    moveTo(columns, columns.indexOf(name), columns.indexOf(to)),
  );
  return (
    <tr role="row" aria-rowindex={1} class="heading-row">
      {columns.map((name, at) => (
        <th
          key={name}
          role="columnheader"
          scope="col"
          aria-colindex={at + 1}
          aria-sort={sortOf(name)}
          class={mark(name)}
          {...source(name)}
          {...target(name)}
        >
          <Heading {...{ name, at, columns, widths, fit }} focusable={cursor === at} />
        </th>
      ))}
    </tr>
  );
}

function moveTo(columns: readonly string[], from: number, to: number): void {
  change({ columns: movedColumn(columns, from, to) });
}

function sortOf(name: string): 'ascending' | 'descending' | undefined {
  const [sorted, direction] = ask.value.sort.split(' ');
  if (sorted !== name) return undefined;
  return direction === 'asc' ? 'ascending' : 'descending';
}

interface HeadingProps extends Omit<HeadingsProps, 'cursor'> {
  name: string;
  at: number;
  focusable: boolean;
}

function isSortable(name: string): boolean {
  const field = fieldOf(name);
  return field?.column === true && !field.multi;
}

function Heading({ name, at, columns, widths, fit, focusable }: HeadingProps): VNode {
  const order = sortOf(name);
  const sortable = isSortable(name);
  const setWidth = (width: number): void => {
    columnWidths.value = resized(columns, widths, columnWidths.value, name, width);
  };
  const sort = (): void => {
    if (sortable) change({ sort: `${name} ${order === 'descending' ? 'asc' : 'desc'}` });
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && event.ctrlKey) moveTo(columns, at, at + step);
    else if (step !== 0 && event.shiftKey) setWidth((widths[at] as number) + step * kKeyStep);
    else if (event.key === 'Delete') change({ columns: withoutColumn(columns, name) });
    else if (event.key === '=') setWidth(fit(at));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        type="button"
        class={`heading ${sortable ? '' : 'unsortable'}`}
        title={`${labelOf(name)}${sortable ? ': sort' : ''} · drag or Ctrl+←→: move · Shift+←→: width · =: fit · Delete: remove`}
        data-heading={at}
        tabIndex={focusable ? 0 : -1}
        onClick={sort}
        onKeyDown={press}
      >
        {labelOf(name)}
        <span class="order" aria-hidden="true">
          {order === undefined ? '' : order === 'ascending' ? '↑' : '↓'}
        </span>
      </button>
      <Edge width={widths[at] as number} onWidth={setWidth} onFit={() => setWidth(fit(at))} />
    </>
  );
}

interface EdgeProps {
  width: number;
  onWidth: (width: number) => void;
  onFit: () => void;
}

/** The right edge of a column, for the mouse; the keyboard has Shift and arrows. */
function Edge({ width, onWidth, onFit }: EdgeProps): VNode {
  const begin = (event: PointerEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget as HTMLElement;
    edge.setPointerCapture(event.pointerId);
    const drag = (moved: PointerEvent): void => onWidth(width + moved.clientX - event.clientX);
    const end = (): void => {
      edge.removeEventListener('pointermove', drag);
      edge.removeEventListener('pointerup', end);
      edge.removeEventListener('pointercancel', end);
    };
    edge.addEventListener('pointermove', drag);
    edge.addEventListener('pointerup', end);
    edge.addEventListener('pointercancel', end);
  };
  return (
    <span
      class="edge"
      aria-hidden="true"
      draggable
      onDragStart={event => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={begin}
      onClick={event => event.stopPropagation()}
      onDblClick={onFit}
    />
  );
}
