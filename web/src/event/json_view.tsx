import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { fieldText } from '../query_text/quoting';
import { IconButton } from '../ui/buttons';
import { countText } from '../ui/count';
import { Icon } from '../ui/icons';
import { copy } from '../ui/toast';
import { Visible, visibleString } from '../ui/visible_text';
import { leafCount, type ArrayNode, type Node, type ObjectNode, type ScalarNode } from './json_tree';
import { LeafActions } from './leaf_actions';
import { LongText } from './long_text';

/** Parts with more values than this are folded at first. */
const kUnfolded = 60;
/** Entries of one object or array that are drawn at once. */
const kAtOnce = 200;

/** Whether all parts are to be folded, or unfolded; they are as they are until another is said. */
export interface Folding {
  folded: boolean;
  turn: number;
}

/** A record as a tree in its own order, with what can be done to each value. */
export function JsonView({ tree }: { tree: Node }): VNode {
  const [folding, setFolding] = useState<Folding | undefined>(undefined);
  const fold = (folded: boolean): void => setFolding({ folded, turn: (folding?.turn ?? 0) + 1 });
  return (
    <>
      <p class="json-tools">
        <button type="button" onClick={() => fold(false)}>
          Unfold all
        </button>
        <button type="button" onClick={() => fold(true)}>
          Fold all
        </button>
      </p>
      <div class="record json">
        <Part key={folding?.turn} node={tree} path={[]} behind="" folding={folding} root />
      </div>
    </>
  );
}

interface PartProps {
  node: Node;
  path: readonly string[];
  name?: string | undefined;
  /** What stands behind it: a comma, or nothing. */
  behind: string;
  folding: Folding | undefined;
  root?: boolean;
}

function Part(props: PartProps): VNode {
  const { node } = props;
  if (node.kind === 'object' || node.kind === 'array') return <Branch {...props} node={node} />;
  return <LeafLine {...props} node={node} />;
}

function Name({ name }: { name: string | undefined }): VNode | null {
  if (name === undefined) return null;
  return (
    <span class="json-key">
      <Visible text={JSON.stringify(name)} />:{' '}
    </span>
  );
}

function Branch({
  node,
  path,
  name,
  behind,
  folding,
  root = false,
}: PartProps & { node: ObjectNode | ArrayNode }): VNode {
  const [folded, setFolded] = useState(() => !root && (folding?.folded ?? leafCount(node) > kUnfolded));
  const [all, setAll] = useState(false);
  const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  const count = node.kind === 'object' ? node.members.length : node.items.length;
  if (count === 0) {
    return (
      <div class="json-line">
        <Name name={name} />
        {`${open}${close}${behind}`}
      </div>
    );
  }
  const shown = all ? count : Math.min(count, kAtOnce);
  const label = visibleString(path.join('.')) || 'the record';
  return (
    <div class="json-branch">
      <div class="json-line">
        <button
          type="button"
          class="json-fold"
          aria-expanded={!folded}
          aria-label={`${folded ? 'Unfold' : 'Fold'} ${label}`}
          onClick={() => setFolded(!folded)}
        >
          <Icon name={folded ? 'right' : 'down'} />
        </button>
        <Name name={name} />
        {open}
        {folded && (
          <>
            <span class="quiet">
              {' '}
              {countText(count)} {node.kind === 'object' ? 'keys' : 'items'}{' '}
            </span>
            {close}
            {behind}
          </>
        )}
        {path.length > 0 && (
          <span class="json-actions">
            <IconButton
              icon="path"
              label={`Copy the path ${label}`}
              onClick={() => void copy(fieldText(path), 'the path')}
            />
          </span>
        )}
      </div>
      {!folded && (
        <>
          <div class="json-inner">
            <Entries node={node} path={path} folding={folding} shown={shown} count={count} />
            {shown < count && (
              <button type="button" onClick={() => setAll(true)}>
                Show all {countText(count)}
              </button>
            )}
          </div>
          <div class="json-line">
            {close}
            {behind}
          </div>
        </>
      )}
    </div>
  );
}

interface EntriesProps {
  node: ObjectNode | ArrayNode;
  path: readonly string[];
  folding: Folding | undefined;
  shown: number;
  count: number;
}

function Entries({ node, path, folding, shown, count }: EntriesProps): VNode {
  const comma = (at: number): string => (at < count - 1 ? ',' : '');
  if (node.kind === 'array') {
    return (
      <>
        {node.items.slice(0, shown).map((item, at) => (
          <Part key={at} node={item} path={path} behind={comma(at)} folding={folding} />
        ))}
      </>
    );
  }
  return (
    <>
      {node.members.slice(0, shown).map(({ key, node: member }, at) => (
        <Part key={at} node={member} path={[...path, key]} name={key} behind={comma(at)} folding={folding} />
      ))}
    </>
  );
}

function LeafLine({ node, path, name, behind }: PartProps & { node: ScalarNode }): VNode {
  const [active, setActive] = useState(false);
  const label = visibleString(path.join('.'));
  return (
    <div
      class="json-line json-leaf"
      onMouseEnter={() => setActive(true)}
      onMouseLeave={event => {
        if (!(event.currentTarget as Element).contains(document.activeElement)) setActive(false);
      }}
    >
      <Name name={name} />
      <span class={`json-${node.kind}`}>
        <LongText text={node.source} />
      </span>
      {behind}
      {node.kind !== 'null' && (
        <span class="json-actions">
          {active ? (
            <LeafActions path={path} value={node.text} />
          ) : (
            <IconButton
              icon="more"
              label={`What can be done with ${label}`}
              onClick={() => setActive(true)}
            />
          )}
        </span>
      )}
    </div>
  );
}
