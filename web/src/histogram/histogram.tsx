import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { askedSpan } from '../state/asked_range';
import { answeredHistogram } from '../state/results';
import { lengthText } from '../time/range';
import { IconButton } from '../ui/buttons';
import { barsOf } from './bars';
import { BarsTable } from './bars_table';
import { Chart } from './chart';
import { useDelivered } from './delivered';
import './histogram.css';
import { Legend, SplitChoice } from './legend';

/** Hits by time, over all that is asked for, as the server counted them. */
export function HistogramPanel(): VNode {
  const histogram = answeredHistogram.value;
  const delivered = useDelivered();
  const asTable = useSignal(false);
  const bars = histogram && barsOf(histogram, askedSpan.value, delivered.value);
  return (
    <section class="histogram" aria-label="Events by time">
      {bars && bars.bars.length > 0 ? <Chart bars={bars} /> : <div class="chart" />}
      {bars && bars.bars.length > 0 && (
        <div class="histogram-foot">
          <span class="quiet">{lengthText(histogram.interval_ms)} a bar</span>
          <Legend bars={bars} />
          <SplitChoice />
          <IconButton
            icon="column"
            label="Show as a table"
            pressed={asTable.value}
            onClick={() => (asTable.value = !asTable.value)}
          />
        </div>
      )}
      {bars && asTable.value && <BarsTable bars={bars} />}
    </section>
  );
}
