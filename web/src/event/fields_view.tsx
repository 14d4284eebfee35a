import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { countText } from '../ui/count';
import type { Node } from './json_tree';
import { LeafActions } from './leaf_actions';
import { leavesOfTree, type Leaf } from './leaves';
import { LongText } from './long_text';
import { Visible } from '../ui/visible_text';

/** Leaves that are drawn at once: each has six buttons. */
const kAtOnce = 150;

/** Every value of a record by its path. */
export function FieldsView({ tree, atOnce = kAtOnce }: { tree: Node; atOnce?: number }): VNode {
  const [sought, setSought] = useState('');
  const [all, setAll] = useState(false);
  const leaves = useMemo(() => leavesOfTree(tree), [tree]);
  const found = useMemo(() => matching(leaves, sought), [leaves, sought]);
  const shown = all ? found : found.slice(0, atOnce);
  return (
    <>
      {leaves.length > 12 && (
        <input
          type="search"
          class="leaf-search"
          aria-label="Find in this event"
          placeholder={`Find in ${countText(leaves.length)} fields`}
          value={sought}
          onInput={event => setSought(event.currentTarget.value)}
        />
      )}
      <table class="leaves">
        <tbody>
          {shown.map(({ path, value }, at) => (
            <tr key={at}>
              <th scope="row">
                <Visible text={path.join('.')} />
              </th>
              <td class="leaf-value">
                <LongText text={value} />
              </td>
              <td class="leaf-actions">
                <LeafActions path={path} value={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < found.length && (
        <p class="more">
          <button type="button" onClick={() => setAll(true)}>
            Show all {countText(found.length)} fields
          </button>
        </p>
      )}
    </>
  );
}

function matching(leaves: readonly Leaf[], sought: string): readonly Leaf[] {
  const lower = sought.trim().toLowerCase();
  if (lower === '') return leaves;
  return leaves.filter(({ path, value }) => `${path.join('.')} ${value}`.toLowerCase().includes(lower));
}
