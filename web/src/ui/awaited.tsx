import type { VNode } from 'preact';
import { Visible } from './visible_text';

interface AwaitedProps {
  /** Why it will not come; empty: it may. */
  problem: string;
  isThere: boolean;
  /** What stands in its place meanwhile. */
  text: string;
}

/** Stands where an answer will be. */
export function Awaited({ problem, isThere, text }: AwaitedProps): VNode | null {
  if (problem)
    return (
      <p class="failure" role="alert">
        <Visible text={problem} />
      </p>
    );
  return isThere ? null : <p class="awaited">{text}</p>;
}
