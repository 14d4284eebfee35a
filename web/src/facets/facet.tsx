import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask, change } from '../state/ask';
import { clear, existence, selected } from '../state/conditions';
import { foldedFacets, hideFacet, pinnedFacets, rareFacets, toggled } from '../state/facet_settings';
import { fieldOf, labelOf } from '../state/fields';
import { IconButton } from '../ui/buttons';
import { countText } from '../ui/count';
import { focusAtFirst } from '../ui/focus';
import { Icon } from '../ui/icons';
import { isLong } from '../ui/long_name';
import { Popup } from '../ui/popup';
import { Visible } from '../ui/visible_text';
import type { Dragging } from '../ui/dragging';
import { useFacetList, type FacetList } from './facet_list';
import { FacetValue, MissingValue } from './facet_value';
import { neighbour, step } from './order';

/** One field: folded to its name, or with its values. */
export function FacetSection({ field, dragging }: { field: string; dragging: Dragging }): VNode {
  const isFolded = foldedFacets.value.includes(field);
  const { included, excluded, exists, missing } = selected(field);
  const isSelected = included.size + excluded.size > 0 || exists || missing;
  const name = labelOf(field);
  return (
    <section class={`facet ${dragging.mark(field)}`} aria-label={name} {...dragging.target(field)}>
      <h2 {...dragging.source(field)}>
        <button
          type="button"
          class="facet-name"
          aria-expanded={!isFolded}
          title={[fieldOf(field)?.help, 'drag or Ctrl+↑↓: move'].filter(Boolean).join(' · ')}
          onKeyDown={event => moveByKey(event, field)}
          onClick={() => (foldedFacets.value = toggled(foldedFacets.value, field))}
        >
          <Icon name={isFolded ? 'right' : 'down'} />
          {name}
        </button>
        {isSelected && <IconButton icon="close" label={`Clear ${name}`} onClick={() => clear(field)} />}
        <FacetMenu field={field} />
      </h2>
      {!isFolded && <Values field={field} />}
    </section>
  );
}

function moveByKey(event: KeyboardEvent, field: string): void {
  const by = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
  if (!by || !event.ctrlKey) return;
  event.preventDefault();
  step(field, by);
}

function Values({ field }: { field: string }): VNode {
  const list = useFacetList(field);
  const searching = useSignal(false);
  const whole = useSignal(false);
  const { answer } = list;
  const { included, excluded, missing, exists, folded } = selected(field);
  const listed = new Set(answer?.values.map(one => folded(one.value)));
  const isSearched = list.search.value !== '';
  const unlisted = isSearched ? [] : [...included, ...excluded].filter(value => !listed.has(folded(value)));
  const total = countedBy(answer);
  return (
    <>
      {(searching.value || isSearched) && <FacetSearch field={field} list={list} />}
      <ul>
        {unlisted.map(value => (
          <FacetValue key={value} {...{ field, value, total }} count={undefined} whole={whole.value} />
        ))}
        {answer?.values.map(({ value, count }) => (
          <FacetValue key={value} {...{ field, value, count, total }} whole={whole.value} />
        ))}
        {answer && !isSearched && (answer.missing > 0 || missing || exists) && (
          <MissingValue field={field} count={answer.missing} total={total} />
        )}
        {answer && isSearched && answer.values.length === 0 && (
          <li class="quiet facet-note">nothing like it</li>
        )}
      </ul>
      {list.problem && (
        <p class="facet-note failure-text">
          <Visible text={list.problem} />
        </p>
      )}
      <FacetFoot
        list={list}
        onSearch={() => (searching.value = !searching.value)}
        whole={[...unlisted, ...listed].some(isLong) ? whole : undefined}
        name={labelOf(field)}
      />
    </>
  );
}

/** Hits that the values are counted in. A field of several values counts a hit more than once. */
function countedBy(answer: FacetList['answer']): number {
  if (!answer) return 0;
  const counted = answer.values.reduce((sum, one) => sum + one.count, answer.missing);
  return Math.max(counted, 1);
}

function FacetSearch({ field, list }: { field: string; list: FacetList }): VNode {
  return (
    <input
      class="facet-search"
      type="search"
      aria-label={`Search in ${labelOf(field)}`}
      placeholder="has this text somewhere"
      ref={focusAtFirst}
      value={list.search.value}
      onInput={event => (list.search.value = event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Escape') list.search.value = '';
      }}
    />
  );
}

interface FootProps {
  list: FacetList;
  onSearch: () => void;
  /** Whether all of each value is shown; absent where none is so long that it matters. */
  whole: Signal<boolean> | undefined;
  name: string;
}

function FacetFoot({ list, onSearch, whole, name }: FootProps): VNode | null {
  const { answer, hasMore, isExtended } = list;
  const isSearchable = hasMore || isExtended || list.search.value !== '';
  if (!answer || (!isSearchable && !whole)) return null;
  return (
    <div class="facet-foot">
      {hasMore && (
        <button
          type="button"
          class="link"
          aria-label={`more of ${countText(answer.distinct)} values of ${name}`}
          onClick={list.more}
        >
          more of {countText(answer.distinct)}
        </button>
      )}
      {isExtended && (
        <button type="button" class="link" aria-label={`fewer values of ${name}`} onClick={list.less}>
          fewer
        </button>
      )}
      {whole && <WholeButton whole={whole} name={name} />}
      {isSearchable && <IconButton icon="search" label={`Search in ${name}`} onClick={onSearch} />}
    </div>
  );
}

/** Shows all of the long values, or their ends again. */
function WholeButton({ whole, name }: { whole: Signal<boolean>; name: string }): VNode {
  const text = whole.value ? 'shorter' : 'in full';
  return (
    <button
      type="button"
      class="link"
      aria-label={`${text}: values of ${name}`}
      onClick={() => (whole.value = !whole.value)}
    >
      {text}
    </button>
  );
}

const kSteps = [
  { text: 'Move up', by: -1 },
  { text: 'Move down', by: 1 },
] as const;

function FacetMenu({ field }: { field: string }): VNode {
  const name = labelOf(field);
  const items: [string, () => void, boolean?][] = [
    [
      'Rare values first',
      () => (rareFacets.value = toggled(rareFacets.value, field)),
      rareFacets.value.includes(field),
    ],
    ['Any value', () => existence(field, true)],
    ['No value', () => existence(field, false)],
    [
      'Split the histogram',
      () => change({ split: ask.value.split === field ? '' : field }),
      ask.value.split === field,
    ],
    [
      'Show as column',
      () => change({ columns: toggled(ask.value.columns, field) }),
      ask.value.columns.includes(field),
    ],
    [
      'Pin to the top',
      () => (pinnedFacets.value = toggled(pinnedFacets.value, field)),
      pinnedFacets.value.includes(field),
    ],
    ...kSteps
      .filter(({ by }) => neighbour(field, by) !== undefined)
      .map(({ text, by }): [string, () => void] => [text, () => step(field, by)]),
    ['Hide', () => hideFacet(field)],
  ];
  return (
    <Popup label={`More for ${name}`} class="facet-menu" button={<Icon name="more" />}>
      {close => (
        <div class="menu-list">
          {items.map(([text, act, on]) => (
            <button
              type="button"
              key={text}
              aria-pressed={on}
              onClick={() => {
                close();
                act();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </Popup>
  );
}
