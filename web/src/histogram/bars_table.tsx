import type { VNode } from 'preact';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';
import type { Bars } from './bars';

/** The same as the chart, in numbers. Bars that lack events because there are none are left out. */
export function BarsTable({ bars: { bars, series } }: { bars: Bars }): VNode {
  const { zone } = ask.value;
  return (
    <div class="bars-table" tabIndex={0} role="region" aria-label="Events by time, as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From ({zone})</th>
            <th scope="col">Events</th>
            {series.map(({ kind, name }) => (
              <th scope="col" key={`${kind} ${name}`}>
                <Visible text={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars
            .filter(bar => bar.count > 0 || !bar.isDelivered)
            .map(bar => (
              <tr key={bar.begin}>
                <th scope="row">{timeText(bar.begin, zone)}</th>
                <td>{bar.isDelivered ? countText(bar.count) : 'no data delivered'}</td>
                {series.map(({ kind, name }, at) => {
                  const one = bar.stretches.find(stretch => stretch.series === at);
                  return <td key={`${kind} ${name}`}>{one ? countText(one.to - one.from) : ''}</td>;
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
