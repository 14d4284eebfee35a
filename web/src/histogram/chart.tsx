import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../state/ask';
import { unzoom, zoom, zoomedFrom } from '../state/asked_range';
import { countText } from '../ui/count';
import { timeText } from '../time/zone';
import { visibleString } from '../ui/visible_text';
import { useWidth } from '../ui/width';
import { gapsOf, type Bars } from './bars';
import { markOf, moved, type Cursor } from './cursor';
import { seriesClass } from './series_class';
import { ticksOf } from '../time/ticks';
import { Tooltip } from './tooltip';

export const kHeight = 72;
/** Before it is measured. */
const kFirstWidth = 1000;
/** A press that moves less is a click. */
const kDragPixels = 4;

/** What a bar, or a stretch of bars, says in words. */
export function markText(bars: Bars, [first, last]: [number, number], zone: string): string {
  const marked = bars.bars.slice(first, last + 1);
  const count = marked.reduce((sum, bar) => sum + bar.count, 0);
  const begin = timeText(marked[0]?.begin ?? 0, zone);
  const end = timeText(marked.at(-1)?.end ?? 0, zone);
  const parts = bars.series.flatMap(({ name }, series) => {
    const sum = marked
      .flatMap(bar => bar.stretches)
      .reduce((all, one) => all + (one.series === series ? one.to - one.from : 0), 0);
    return sum > 0 ? [`${visibleString(name)} ${countText(sum)}`] : [];
  });
  const none = marked.every(bar => !bar.isDelivered) ? ', no data delivered' : '';
  return `${begin} – ${end}: ${countText(count)} events${none}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** The bars: dragged over, or gone through by keys, to zoom. */
export function Chart({ bars }: { bars: Bars }): VNode {
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, kFirstWidth);
  const cursor = useSignal<Cursor | undefined>(undefined);
  const pressed = useSignal<number | undefined>(undefined);
  const hovered = useSignal<number | undefined>(undefined);
  const { zone } = ask.value;
  const count = bars.bars.length;
  const step = width / count;
  const place = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / Math.max(box.width, 1)) * count);
    return Math.min(Math.max(at, 0), count - 1);
  };
  const zoomIn = (): void => {
    if (!cursor.value) return;
    const [first, last] = markOf(cursor.value).map(at => bars.bars[at]);
    cursor.value = undefined;
    if (first && last) zoom({ begin: first.begin, end: last.end });
  };
  const press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    pressed.value = event.clientX;
    cursor.value = { at: place(event), anchor: place(event) };
  };
  const drag = (event: PointerEvent): void => {
    hovered.value = place(event);
    if (pressed.value !== undefined && cursor.value) cursor.value = { ...cursor.value, at: place(event) };
  };
  const release = (event: PointerEvent): void => {
    const began = pressed.value;
    pressed.value = undefined;
    if (began !== undefined && Math.abs(event.clientX - began) >= kDragPixels) zoomIn();
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = moved(cursor.value, event.key, event.shiftKey, count);
    if (next) cursor.value = next;
    else if (event.key === 'Enter' || event.key === ' ') zoomIn();
    else if (event.key === 'Backspace') unzoom();
    else if (event.key === 'Escape' && cursor.value) cursor.value = undefined;
    else return;
    event.preventDefault();
  };
  const mark = cursor.value && markOf(cursor.value);
  const told = mark && (mark[0] !== mark[1] || hovered.value === undefined) ? mark : undefined;
  const shown =
    told ?? (hovered.value === undefined ? undefined : ([hovered.value, hovered.value] as [number, number]));
  return (
    <div class="chart-frame" ref={element}>
      <span class="chart-top" aria-hidden="true">
        {countText(bars.highest)}
      </span>
      <svg
        class="chart"
        viewBox={`0 0 ${width} ${kHeight}`}
        preserveAspectRatio="none"
        role="slider"
        tabIndex={0}
        aria-label="Events by time. Arrow keys move, Shift extends, Enter zooms, Backspace goes back"
        aria-valuemin={0}
        aria-valuemax={Math.max(count - 1, 0)}
        aria-valuenow={cursor.value?.at ?? 0}
        aria-valuetext={mark ? markText(bars, mark, zone) : `${count} bars, nothing marked`}
        onPointerDown={press}
        onPointerMove={drag}
        onPointerUp={release}
        onPointerLeave={() => (hovered.value = undefined)}
        onPointerCancel={() => (pressed.value = cursor.value = undefined)}
        onDblClick={unzoom}
        onKeyDown={onKey}
        onBlur={() => (cursor.value = undefined)}
      >
        <Gaps bars={bars} step={step} />
        {hovered.value !== undefined && (
          <rect class="bar-hover" x={hovered.value * step} y={0} width={step} height={kHeight} />
        )}
        {bars.bars.map((bar, at) =>
          bar.stretches.map(({ series, from, to }) =>
            to > from ? (
              <rect
                key={`${bar.begin} ${series}`}
                class={seriesClass(bars.series, series)}
                x={(at + 0.08) * step}
                width={Math.max(step * 0.84, 0.5)}
                y={kHeight * (1 - to / bars.highest)}
                height={Math.max((kHeight * (to - from)) / bars.highest, 1)}
              />
            ) : null,
          ),
        )}
        {mark && (
          <rect
            class="brush"
            x={mark[0] * step}
            y={0}
            width={(mark[1] - mark[0] + 1) * step}
            height={kHeight}
          />
        )}
      </svg>
      <Ticks bars={bars} width={width} />
      {shown && (
        <Tooltip
          text={markText(bars, shown, zone)}
          at={((shown[0] + shown[1] + 1) / 2) * step}
          width={width}
        />
      )}
      {zoomedFrom.value.length > 0 && (
        <button type="button" class="link unzoom" onClick={unzoom}>
          Zoom back
        </button>
      )}
    </div>
  );
}

/** Where nothing was delivered: hatched, so that it does not look like peace. */
function Gaps({ bars, step }: { bars: Bars; step: number }): VNode {
  return (
    <>
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-line" width="1.5" height="6" />
        </pattern>
      </defs>
      {gapsOf(bars.bars).map(([first, behind]) => (
        <rect
          key={first}
          class="gap"
          fill="url(#hatch)"
          x={first * step}
          y={0}
          width={(behind - first) * step}
          height={kHeight}
        />
      ))}
    </>
  );
}

const kTickPixels = 110;

function Ticks({ bars, width }: { bars: Bars; width: number }): VNode {
  const ticks = ticksOf(bars.bars, ask.value.zone, Math.floor(width / kTickPixels));
  return (
    <div class="ticks" aria-hidden="true">
      {ticks.map(({ at, text }) => (
        <span key={at} style={{ left: `${(100 * (at + 0.5)) / bars.bars.length}%` }}>
          {text}
        </span>
      ))}
    </div>
  );
}
