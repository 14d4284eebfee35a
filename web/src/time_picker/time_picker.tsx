import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../state/ask';
import { askedSpan, chooseRange, recentRanges } from '../state/asked_range';
import { followRefresh, refreshSeconds } from '../state/live';
import { result } from '../state/results';
import { around, boundsOf, shifted, widened, type Bounds } from '../time/range';
import { IconButton, Segmented } from '../ui/buttons';
import { Icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { Visible, visibleString } from '../ui/visible_text';
import { RangeForm } from './range_form';
import { kRanges, rangeText, spanText } from './range_text';
import './time_picker.css';
import { ZoneChoice } from './zone_choice';

/** Which time is asked for: back and forward, wider, chosen, and how often. */
export function TimePicker(): VNode {
  useEffect(followRefresh, []);
  const { zone } = ask.value;
  const span = askedSpan.value;
  const text = rangeText(ask.value, zone);
  const words = span ? spanText(span, zone) : text;
  const isBounded = ask.value.from !== '' || ask.value.to !== '';
  const step = (by: 1 | -1): void => {
    if (span) chooseRange(boundsOf(shifted(span, by)));
  };
  return (
    <div class="time-bar" role="group" aria-label="Time">
      <IconButton
        icon="left"
        label="Back by one range"
        disabled={!span || !isBounded}
        onClick={() => step(-1)}
      />
      <Popup
        label={`Time range: ${visibleString(text)} ${zone}. ${visibleString(words)}`}
        class="time-picker"
        button={
          <>
            <Icon name="clock" />
            <Visible text={text} /> <span class="zone-name">{zone}</span>
            {refreshSeconds.value > 0 && <Icon name="refresh" />}
          </>
        }
      >
        {close => <Choices close={close} words={words} />}
      </Popup>
      <IconButton
        icon="right"
        label="Forward by one range"
        disabled={!span || !isBounded}
        onClick={() => step(1)}
      />
      <IconButton
        icon="zoom_out"
        label="Zoom out to twice the range"
        disabled={!span || !isBounded}
        onClick={() => span && chooseRange(boundsOf(widened(span)))}
      />
    </div>
  );
}

const kRefresh = [
  ['0', 'Off'],
  ['10', '10 s'],
  ['60', '1 min'],
] as const;

function Choices({ close, words }: { close: () => void; words: string }): VNode {
  return (
    <div class="time-choices">
      <p class="time-words">
        <Visible text={words} />
      </p>
      <div class="ranges">
        <RangeList close={close} />
        <div class="range-column">
          <RangeForm close={close} />
          <ZoneChoice />
          <div class="refresh-choice">
            <span class="hint">Ask again</span>
            <Segmented
              label="Ask again"
              choices={kRefresh.map(([value, content]) => ({ value, content }))}
              chosen={String(refreshSeconds.value) as (typeof kRefresh)[number][0]}
              onChoose={value => (refreshSeconds.value = Number(value))}
            />
          </div>
        </div>
      </div>
    </div>
  );
}

function RangeList({ close }: { close: () => void }): VNode {
  const { from, to, zone, event } = ask.value;
  const open = result.value?.hits.find(hit => hit.id === event);
  const choose = (bounds: Bounds): void => {
    chooseRange(bounds);
    close();
  };
  const named = new Set<string>(kRanges.map(([start]) => start));
  const recent = recentRanges.value.filter(one => one.to !== '' || !named.has(one.from));
  return (
    <div class="range-list">
      {open && (
        <button type="button" onClick={() => choose(boundsOf(around(Date.parse(open.time), 5)))}>
          Around this event ±5 min
        </button>
      )}
      {kRanges.map(([start, text]) => (
        <button
          type="button"
          key={text}
          aria-pressed={from === start && to === ''}
          onClick={() => choose({ from: start, to: '' })}
        >
          {text}
        </button>
      ))}
      {recent.length > 0 && <h3>Recent</h3>}
      {recent.map(one => (
        <button type="button" key={`${one.from} ${one.to}`} onClick={() => choose(one)}>
          <Visible text={rangeText(one, zone)} />
        </button>
      ))}
    </div>
  );
}
