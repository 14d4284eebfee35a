import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { moveFacet, orderedFacets, resetFacets, showFacet } from '../state/facet_settings';
import { facetFields, labelOf } from '../state/fields';
import { useDragging } from '../ui/dragging';
import { Icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { FacetSection } from './facet';
import './facets.css';
import { drawnFacets } from './order';

/** The values of the chosen fields over all hits, each to be included or left out. */
export function Facets(): VNode {
  const isOpen = useSignal(false);
  const drawn = drawnFacets.value;
  const dragging = useDragging(drawn, moveFacet);
  const panel = useRef<HTMLElement>(null);
  useKeptFocus(panel, drawn);
  return (
    <aside ref={panel} class="facets" aria-label="Facets" data-open={isOpen.value} onKeyDown={moveFocus}>
      <button
        type="button"
        class="facets-toggle"
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name="filter" /> Facets
      </button>
      <div class="facet-sections">
        {drawn.map(field => (
          <FacetSection key={field} field={field} dragging={dragging} />
        ))}
        <AddFacet />
      </div>
    </aside>
  );
}

/** Gives the focus back to what has it within the panel, for what is moved in the document loses it. */
function useKeptFocus(panel: { current: HTMLElement | null }, order: readonly string[]): void {
  const focused = document.activeElement;
  useLayoutEffect(() => {
    const isLost = focused !== document.activeElement && panel.current?.contains(focused);
    if (isLost && focused instanceof HTMLElement) focused.focus();
  }, [order]);
}

/** Arrow keys go from value to value, and from name to name. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { currentTarget: panel, target } = event;
  if (event.ctrlKey || !step || !(panel instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  if (!target.matches('.facet-value, .facet-name')) return;
  const stops = [...panel.querySelectorAll<HTMLElement>('.facet-value, .facet-name')];
  const next = stops[stops.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function AddFacet(): VNode {
  const text = useSignal('');
  const shown = new Set(orderedFacets.value);
  const wanted = text.value.trim().toLowerCase();
  const found = facetFields.value.filter(
    ({ name, help }) => !shown.has(name) && `${name} ${labelOf(name)} ${help}`.toLowerCase().includes(wanted),
  );
  return (
    <div class="facets-foot">
      <Popup
        label="Add a facet"
        class="add-facet"
        button={
          <>
            <Icon name="plus" /> Add a facet
          </>
        }
      >
        {close => (
          <div class="field-picker">
            <input
              type="search"
              aria-label="Which field"
              placeholder="name or meaning"
              value={text.value}
              onInput={event => (text.value = event.currentTarget.value)}
            />
            <div class="menu-list">
              {found.map(({ name, help }) => (
                <button
                  type="button"
                  key={name}
                  title={help}
                  onClick={() => {
                    close();
                    text.value = '';
                    showFacet(name);
                  }}
                >
                  {name}
                </button>
              ))}
              {found.length === 0 && <p class="hint">no other field is like it</p>}
            </div>
          </div>
        )}
      </Popup>
      <button type="button" class="link" onClick={resetFacets}>
        Reset
      </button>
    </div>
  );
}
