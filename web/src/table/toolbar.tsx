import type { VNode } from 'preact';
import { result } from '../state/results';
import { copies, density, eventPlace, wrap } from '../state/settings';
import { IconButton } from '../ui/buttons';
import { countText } from '../ui/count';
import { ColumnPicker } from './column_picker';
import { JumpToTime } from './jump';
import { kManyRows, loadingMany, loadMany, mayHaveMore, stopLoadingMany } from './more';

/** How the table is shown, and where in it. */
export function Toolbar(): VNode {
  const shown = result.value;
  const many = Math.min(shown?.total ?? 0, kManyRows);
  return (
    <div class="table-tools" role="group" aria-label="Table">
      {loadingMany.value ? (
        <button type="button" onClick={stopLoadingMany}>
          Stop loading
        </button>
      ) : (
        mayHaveMore(shown) &&
        (shown?.hits.length ?? 0) < many && (
          <button type="button" onClick={() => void loadMany()}>
            Load {countText(many)}
          </button>
        )
      )}
      <JumpToTime />
      <IconButton
        icon="wrap"
        label="Wrap long values"
        pressed={wrap.value === 'yes'}
        onClick={() => (wrap.value = wrap.value === 'yes' ? 'no' : 'yes')}
      />
      <IconButton
        icon="rows"
        label="Roomy rows"
        pressed={density.value === 'roomy'}
        onClick={() => (density.value = density.value === 'roomy' ? 'compact' : 'roomy')}
      />
      <IconButton
        icon="together"
        label="One row for copies in several accounts"
        pressed={copies.value === 'together'}
        onClick={() => (copies.value = copies.value === 'together' ? 'apart' : 'together')}
      />
      <IconButton
        icon="beside"
        label="Open events beside the table"
        pressed={eventPlace.value === 'beside'}
        onClick={() => (eventPlace.value = eventPlace.value === 'beside' ? 'below' : 'beside')}
      />
      <ColumnPicker />
    </div>
  );
}
