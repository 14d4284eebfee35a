import type { VNode } from 'preact';
import { wordsOf } from '../api/client';
import { ask } from '../state/ask';
import { failureOfMore, loadMore, result } from '../state/results';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';
import { kManyRows, kMaxRows, loadingMany, loadMany, stopLoadingMany } from './more';

/** What stands behind the last row that is there, when there are more. */
export function Tail({ top, index }: { top: number; index: number }): VNode {
  return (
    <tr role="row" class="tail-row" data-index={index} style={{ transform: `translateY(${top}px)` }}>
      <td role="gridcell" colSpan={ask.value.columns.length}>
        <span class="tail">
          <TailText />
        </span>
      </td>
    </tr>
  );
}

function TailText(): VNode {
  const loaded = result.value?.hits.length ?? 0;
  const error = failureOfMore.value;
  if (error !== undefined) {
    return (
      <>
        The rows that follow did not come: <Visible text={wordsOf(error)} />{' '}
        <button type="button" onClick={() => void loadMore()}>
          Try again
        </button>
      </>
    );
  }
  if (loaded >= kMaxRows) return <>{countText(loaded)} events are loaded. Go to a time to see others.</>;
  if (loadingMany.value) {
    return (
      <>
        Loading…{' '}
        <button type="button" onClick={stopLoadingMany}>
          Stop
        </button>
      </>
    );
  }
  return (
    <>
      Loading…{' '}
      {loaded < kManyRows && (
        <button type="button" onClick={() => void loadMany()}>
          Load {countText(Math.min(result.value?.total ?? 0, kManyRows))}
        </button>
      )}
    </>
  );
}
