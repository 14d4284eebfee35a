import { effect } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** An effect of signals that never lags behind them. That of the library waits for a painting, and keys do not. */
export function useEffectAtOnce(run: () => void): void {
  useLayoutEffect(() => effect(run), []);
}
