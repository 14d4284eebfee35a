import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { stepped, type Cursor } from '../table/keyboard';
import { ticksOf } from '../time/ticks';
import { AskLink } from '../ui/ask_link';
import { Visible, visibleString } from '../ui/visible_text';
import type { AskedCoverage } from './ask_coverage';
import type { Cell, CoverageRow } from './coverage';
import { searchOfCell } from './links';
import { cellText, kSigns, spanText } from './words';

interface CoverageMapProps {
  coverage: AskedCoverage;
  zone: string;
}

/** Columns under one label. */
const kColumnsOfLabel = 4;

/** Account and region by time: a grid that is one stop of the Tab key, in which arrows move. */
export function CoverageMap({ coverage, zone }: CoverageMapProps): VNode {
  const { columns, rows, names } = coverage;
  const table = useRef<HTMLTableElement>(null);
  const at = useSignal<Cursor | undefined>(undefined);
  const labels = new Map(
    ticksOf(columns, zone, columns.length / kColumnsOfLabel).map(tick => [tick.at, tick.text]),
  );
  const see = (event: Event): void => {
    at.value = placeOf(event.target) ?? at.value;
  };
  const onFocus = (event: FocusEvent): void => {
    if (!(event.target instanceof HTMLElement) || !placeOf(event.target)) return;
    table.current?.querySelectorAll('[tabindex="0"]').forEach(one => ((one as HTMLElement).tabIndex = -1));
    event.target.tabIndex = 0;
    see(event);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = placeOf(event.target);
    if (!place || event.altKey) return;
    const extent = { rows: rows.length, columns: columns.length, page: 10 };
    const next = stepped(place, event.key, event.ctrlKey || event.metaKey, extent);
    if (!next || event.key.length === 1) return;
    event.preventDefault();
    focusable(table.current, { ...next, row: Math.max(next.row, 0) })?.focus();
  };
  return (
    <>
      <div class="list-scroll coverage-scroll">
        <table
          class="coverage"
          role="grid"
          aria-label="Coverage by account, region and time"
          ref={table}
          onFocusIn={onFocus}
          onMouseOver={see}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <th scope="col" class="coverage-place">
                Account and region
              </th>
              {columns.map((column, place) => (
                <th scope="col" key={column.begin}>
                  <span class={labels.has(place) ? 'coverage-label' : 'coverage-unseen'}>
                    {labels.get(place) ?? spanText(column, zone)}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <Row
                key={JSON.stringify([row.account, row.region])}
                row={row}
                names={names}
                zone={zone}
                isFirst={place === 0}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Detail coverage={coverage} zone={zone} at={at} />
    </>
  );
}

/** Where a cell, or what is in it, stands. */
function placeOf(target: EventTarget | null): Cursor | undefined {
  const cell = target instanceof Element ? target.closest('td') : null;
  const row = cell?.parentElement as HTMLTableRowElement | undefined;
  return cell && row ? { row: row.sectionRowIndex, column: cell.cellIndex - 1 } : undefined;
}

/** What takes the focus of a cell: its link, or itself. */
function focusable(table: HTMLTableElement | null, { row, column }: Cursor): HTMLElement | undefined {
  const cell = table?.tBodies[0]?.rows[row]?.cells[column + 1];
  return cell?.querySelector('a') ?? cell;
}

/** What an account is called: its name where it is known, and its id. */
function nameOf({ account }: CoverageRow, names: ReadonlyMap<string, string>): string {
  if (account === undefined) return 'no account';
  const name = names.get(account);
  return name === undefined ? account : `${name} ${account}`;
}

interface RowProps {
  row: CoverageRow;
  names: ReadonlyMap<string, string>;
  zone: string;
  isFirst: boolean;
}

function Row({ row, names, zone, isFirst }: RowProps): VNode {
  const { account = 'no account' } = row;
  return (
    <tr>
      <th scope="row" class="coverage-place">
        <span title={visibleString(nameOf(row, names))}>
          <Visible text={names.get(account) ?? account} />
        </span>
        <span>
          <Visible text={row.region ?? 'no region'} />
        </span>
      </th>
      {row.cells.map((cell, at) => (
        <CellOf key={cell.begin} row={row} cell={cell} zone={zone} tabIndex={isFirst && at === 0 ? 0 : -1} />
      ))}
    </tr>
  );
}

interface CellOfProps {
  row: CoverageRow;
  cell: Cell;
  zone: string;
  tabIndex: number;
}

function CellOf({ row, cell, zone, tabIndex }: CellOfProps): VNode {
  const label = `${cellText(cell)}, ${spanText(cell, zone)}`;
  const to = searchOfCell(row, cell);
  const sign = kSigns[cell.state];
  const name = `coverage-sign is-${cell.state}`;
  if (!to)
    return (
      <td class={name} aria-label={label} tabIndex={tabIndex}>
        {sign}
      </td>
    );
  return (
    <td class={name}>
      <AskLink to={to} label={label} tabIndex={tabIndex}>
        {sign}
      </AskLink>
    </td>
  );
}

interface DetailProps extends CoverageMapProps {
  at: Signal<Cursor | undefined>;
}

/** What the cell says that the mouse or the keyboard is at. */
function Detail({ coverage: { rows, names }, zone, at }: DetailProps): VNode {
  const row = at.value && rows[at.value.row];
  const cell = row?.cells[at.value?.column ?? 0];
  if (!row || !cell) return <p class="coverage-detail quiet">Arrows move in the map, Enter opens a cell.</p>;
  return (
    <p class="coverage-detail" aria-hidden="true">
      <b>{cellText(cell)}</b> · <Visible text={nameOf(row, names)} />{' '}
      <Visible text={row.region ?? 'no region'} /> · {spanText(cell, zone)}
    </p>
  );
}
