import type { VNode } from 'preact';
import type { CheckedFile } from '../api/types';
import { ask } from '../state/ask';
import { useAnswer } from '../ui/answer';
import { Awaited } from '../ui/awaited';
import { countText } from '../ui/count';
import { askCoverage, type AskedCoverage } from './ask_coverage';
import { CoverageMap } from './coverage_map';
import { kMeanings, kSigns, spanText } from './words';
import type { CellState } from './coverage';

interface CoveragePanelProps {
  missing: readonly CheckedFile[];
  /** How many files are missing, whether all are given or not. */
  allMissing: number;
}

/** Of which account, region and time there are events, and what is known of their files. */
export function CoveragePanel({ missing, allMissing }: CoveragePanelProps): VNode {
  const { from, to, zone } = ask.value;
  const key = JSON.stringify([from, to]);
  const { answer, problem } = useAnswer(key, async signal => ({
    coverage: await askCoverage({ from, to }, missing, signal),
  }));
  const coverage = answer?.coverage;
  return (
    <section class="panel" aria-labelledby="coverage-title" aria-busy={!answer && !problem}>
      <h2 id="coverage-title">Coverage</h2>
      <Awaited problem={problem} isThere={answer !== undefined} text="Counting…" />
      {answer && !coverage?.rowCount && <p class="quiet">There is nothing of this time.</p>}
      {coverage && coverage.rowCount > 0 && (
        <>
          <p class="quiet">
            {spanText(coverage.span, zone)} {zone}. Each cell shows the worst that is known of the files of
            its events, and leads to them. Missing files stand at the time of delivery that is in their names.
          </p>
          <Notes coverage={coverage} shownMissing={missing.length} allMissing={allMissing} />
          <CoverageMap key={key} coverage={coverage} zone={zone} />
          <Legend />
        </>
      )}
    </section>
  );
}

interface NotesProps {
  coverage: AskedCoverage;
  shownMissing: number;
  allMissing: number;
}

/** What the map does not show. */
function Notes({ coverage, shownMissing, allMissing }: NotesProps): VNode | null {
  const { rows, rowCount, uncounted, isAllTime } = coverage;
  const notes = [
    isAllTime && 'The times in the address are none that this page can place: the map is of all time.',
    rows.length < rowCount &&
      `${countText(rows.length)} of ${countText(rowCount)} rows are drawn: the worst, and those with most events.`,
    uncounted > 0 &&
      `${countText(uncounted)} counts are not in the map, those of fewest events: ask for a shorter time.`,
    shownMissing < allMissing &&
      `${countText(shownMissing)} of ${countText(allMissing)} missing files are in the map, the first by name.`,
  ].filter(note => note !== false);
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map(note => (
        <li key={note}>
          <span class="badge denied">{note}</span>
        </li>
      ))}
    </ul>
  );
}

function Legend(): VNode {
  return (
    <ul class="coverage-legend" aria-label="Signs">
      {(Object.keys(kSigns) as CellState[]).map(state => (
        <li key={state}>
          <span class={`coverage-sign is-${state}`} aria-hidden="true">
            {kSigns[state]}
          </span>{' '}
          {kMeanings[state]}
        </li>
      ))}
    </ul>
  );
}
