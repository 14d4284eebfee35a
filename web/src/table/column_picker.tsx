import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ask, change } from '../state/ask';
import { allFields, fieldOf, labelOf } from '../state/fields';
import { columnWidths } from '../state/settings';
import { kDefaultColumns } from '../state/url_codec';
import { IconButton } from '../ui/buttons';
import { Icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { Visible, visibleString } from '../ui/visible_text';
import { movedColumn, withColumn, withoutColumn } from './columns';

/** Which columns there are, and in which order. */
export function ColumnPicker(): VNode {
  return (
    <Popup label="Columns" button={<Icon name="column" />} class="column-picker">
      {() => <Picker />}
    </Popup>
  );
}

const kMaxListed = 60;

function Picker(): VNode {
  const [sought, setSought] = useState('');
  const { columns } = ask.value;
  const panel = useRef<HTMLDivElement>(null);
  // What was pressed may be gone, and the place of the keyboard with it.
  useLayoutEffect(() => {
    if (!panel.current?.contains(document.activeElement)) panel.current?.querySelector('input')?.focus();
  }, [columns]);
  return (
    <div class="columns-panel" ref={panel}>
      <input
        type="search"
        aria-label="Find a field, or name a path"
        placeholder="Field, or path such as requestParameters.bucketName"
        value={sought}
        onInput={event => setSought(event.currentTarget.value)}
      />
      <ul aria-label="Shown columns">
        {columns.map((name, at) => (
          <Shown key={name} name={name} at={at} columns={columns} />
        ))}
      </ul>
      <ul aria-label="Other fields">
        {otherFields(columns, sought).map(name => (
          <li key={name}>
            <button type="button" class="column-add" onClick={() => add(name)}>
              <Icon name="plus" /> <Visible text={nameText(name)} />
            </button>
          </li>
        ))}
      </ul>
      <p class="columns-foot">
        <button type="button" onClick={() => change({ columns: kDefaultColumns })}>
          Columns as at first
        </button>
        <button type="button" onClick={() => (columnWidths.value = {})}>
          Widths as at first
        </button>
      </p>
    </div>
  );
}

function nameText(name: string): string {
  const label = labelOf(name);
  return label === name ? name : `${label} (${name})`;
}

function add(name: string): void {
  change({ columns: withColumn(ask.value.columns, name) });
}

/** The fields that have `sought` somewhere, and `sought` itself where it can be a path. */
function otherFields(columns: readonly string[], sought: string): string[] {
  const text = sought.trim();
  const lower = text.toLowerCase();
  const names = allFields.value
    .filter(({ name, help }) => `${nameText(name)} ${help}`.toLowerCase().includes(lower))
    .map(field => field.name);
  const isPath = text.includes('.') && fieldOf(text) === undefined;
  return [...(isPath ? [text] : []), ...names].filter(name => !columns.includes(name)).slice(0, kMaxListed);
}

function Shown({ name, at, columns }: { name: string; at: number; columns: readonly string[] }): VNode {
  const text = visibleString(labelOf(name));
  const move = (to: number): void => change({ columns: movedColumn(columns, at, to) });
  return (
    <li class="column-shown">
      <span class="column-name">
        <Visible text={nameText(name)} />
      </span>
      <IconButton
        icon="up"
        label={`Move ${text} to the left`}
        disabled={at === 0}
        onClick={() => move(at - 1)}
      />
      <IconButton
        icon="down"
        label={`Move ${text} to the right`}
        disabled={at === columns.length - 1}
        onClick={() => move(at + 1)}
      />
      <IconButton
        icon="close"
        label={`Remove the column ${text}`}
        disabled={columns.length === 1}
        onClick={() => change({ columns: withoutColumn(columns, name) })}
      />
    </li>
  );
}
