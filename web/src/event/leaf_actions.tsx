import type { VNode } from 'preact';
import { fieldText } from '../query_text/quoting';
import { ask, change } from '../state/ask';
import { exclude, existence, include } from '../state/conditions';
import { fieldOf } from '../state/fields';
import { IconButton } from '../ui/buttons';
import { copy, toast } from '../ui/toast';
import { visibleString } from '../ui/visible_text';

const kNamed = 120;

/** All that can be done with one value of a record. */
export function LeafActions({ path, value }: { path: readonly string[]; value: string }): VNode {
  const joined = path.join('.');
  const column = fieldOf(joined)?.name ?? joined;
  const { columns } = ask.value;
  const isShown = columns.includes(column);
  const where = visibleString(joined);
  const name = `${where}: ${visibleString(value.slice(0, kNamed))}`;
  return (
    <span class="leaf-buttons">
      <IconButton icon="plus" label={`Filter for ${name}`} onClick={() => include(joined, value)} />
      <IconButton icon="minus" label={`Filter out ${name}`} onClick={() => exclude(joined, value)} />
      <IconButton
        icon="exists"
        label={`Filter for events with ${where}`}
        onClick={() => existence(joined, true)}
      />
      <IconButton
        icon="column"
        label={isShown ? `Remove the column ${where}` : `Add ${where} as a column`}
        pressed={isShown}
        onClick={() => {
          const next = isShown ? columns.filter(one => one !== column) : [...columns, column];
          change({ columns: next.length === 0 ? columns : next });
          toast(isShown ? 'Column removed' : 'Column added');
        }}
      />
      <IconButton
        icon="copy"
        label={`Copy the value ${name}`}
        onClick={() => void copy(value, 'the value')}
      />
      <IconButton
        icon="path"
        label={`Copy the path ${where}`}
        onClick={() => void copy(fieldText(path), 'the path')}
      />
    </span>
  );
}
