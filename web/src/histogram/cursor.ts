/** A place among bars, and what is marked: all from `anchor` to `at`. */
export interface Cursor {
  at: number;
  anchor: number;
}

const kSteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** Where a key moves the cursor among `count` bars; with `extend` the mark grows. Undefined for other keys. */
export function moved(
  cursor: Cursor | undefined,
  key: string,
  extend: boolean,
  count: number,
): Cursor | undefined {
  const step = kSteps[key];
  if (step === undefined || count === 0) return undefined;
  const start = cursor?.at ?? (step < 0 ? count : -1);
  const at = Math.min(Math.max(start + step, 0), count - 1);
  return { at, anchor: extend && cursor ? cursor.anchor : at };
}

/** First and last marked bar. */
export function markOf({ at, anchor }: Cursor): [number, number] {
  return [Math.min(at, anchor), Math.max(at, anchor)];
}
