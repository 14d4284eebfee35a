import { kMaxWidth, kMinWidth } from './columns';

const kPadding = 22;
const kMaxFit = 900;

/** How wide a column must be for all that the document has of it. */
export function fitWidth(scroller: HTMLElement | null, column: number): number {
  const cells = scroller?.querySelectorAll<HTMLElement>(`[aria-colindex="${column + 1}"]`) ?? [];
  const range = document.createRange();
  let widest = kMinWidth;
  for (const cell of cells) {
    range.selectNodeContents(cell);
    widest = Math.max(widest, Math.ceil(range.getBoundingClientRect().width) + kPadding);
  }
  return Math.min(widest, kMaxFit, kMaxWidth);
}
