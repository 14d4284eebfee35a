import type { VNode } from 'preact';
import type { Accounting } from '../api/types';
import { countText } from '../ui/count';

const kParts = ['indexed', 'duplicates', 'filtered', 'rejected'] as const;

/** read = indexed + duplicates + filtered + rejected, and whether that is so. */
export function AccountingLine({ totals }: { totals: Accounting }): VNode {
  const sum = kParts.reduce((total, part) => total + totals[part], 0);
  const isWhole = sum === totals.read;
  return (
    <p class="accounting" aria-label="Accounting of all records read">
      <b>{countText(totals.read)}</b> read ={' '}
      {kParts.map((part, at) => (
        <span key={part}>
          {at > 0 && ' + '}
          <b>{countText(totals[part])}</b> {part}
        </span>
      ))}{' '}
      <span class={isWhole ? 'quiet' : 'badge error'}>
        {isWhole
          ? '✓ nothing is missing'
          : `! ${countText(Math.abs(totals.read - sum))} are not accounted for`}
      </span>
    </p>
  );
}
