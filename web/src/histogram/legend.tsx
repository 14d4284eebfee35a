import type { VNode } from 'preact';
import { ask, change } from '../state/ask';
import { selected, toggleExcluded, toggleExistence, toggleIncluded } from '../state/conditions';
import { facetFields, labelOf } from '../state/fields';
import { IconButton } from '../ui/buttons';
import { Visible, visibleString } from '../ui/visible_text';
import type { Bars, Series } from './bars';
import { seriesClass } from './series_class';

/** The series by name: each is a value of the split field, to be included or left out. */
export function Legend({ bars }: { bars: Bars }): VNode {
  const { split } = ask.value;
  return (
    <ul class="legend" aria-label={split ? `Split by ${labelOf(split)}` : 'Not split'}>
      {bars.series.map((series, at) => (
        <li key={`${series.kind} ${series.name}`}>
          <span class={`swatch ${seriesClass(bars.series, at)}`} />
          {series.kind === 'others' ? (
            <span>{series.name}</span>
          ) : (
            <LegendValue field={split} series={series} />
          )}
        </li>
      ))}
      {bars.bars.some(bar => !bar.isDelivered) && (
        <li>
          <span class="swatch swatch-gap" />
          no data delivered
        </li>
      )}
    </ul>
  );
}

function LegendValue({ field, series: { kind, name } }: { field: string; series: Series }): VNode {
  const selection = selected(field);
  const isMissing = kind === 'missing';
  const isIn = isMissing ? selection.missing : selection.isIn(name);
  const isOut = isMissing ? selection.exists : selection.isOut(name);
  const choose = (): void => (isMissing ? toggleExistence(field, false) : toggleIncluded(field, name));
  const leaveOut = (): void => (isMissing ? toggleExistence(field, true) : toggleExcluded(field, name));
  return (
    <>
      <button type="button" class="legend-value" aria-pressed={isIn} onClick={choose}>
        <Visible text={name} />
      </button>
      <IconButton
        icon="minus"
        label={`Leave out ${labelOf(field)} ${visibleString(name)}`}
        pressed={isOut}
        onClick={leaveOut}
      />
    </>
  );
}

const kUsual = [
  'event_outcome',
  'read_only',
  'actor_type',
  'event_source',
  'event_name',
  'actor',
  'aws_region',
  'error_code',
];

/** By which field the bars are split. */
export function SplitChoice(): VNode {
  const { split } = ask.value;
  const known = [...new Set([...kUsual, ...facetFields.value.map(field => field.name)])];
  return (
    <label class="split-choice">
      Split by
      <select value={split} onChange={event => change({ split: event.currentTarget.value })}>
        <option value="">nothing</option>
        {!known.includes(split) && split !== '' && <option value={split}>{visibleString(split)}</option>}
        {known.map(name => (
          <option key={name} value={name}>
            {labelOf(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
