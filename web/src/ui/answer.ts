import { useEffect, useState } from 'preact/hooks';
import { isAbort, wordsOf } from '../api/client';

/** What a part of the page asked for. While it is awaited there is neither an answer nor a problem. */
export interface Answered<Answer> {
  answer: Answer | undefined;
  problem: string;
}

/** Asks now, and again whenever `key` is another; what nobody waits for any more is given up. */
export function useAnswer<Answer>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Answered<Answer> {
  const [last, setLast] = useState<Answered<Answer> & { key: string }>();
  useEffect(() => {
    const stop = new AbortController();
    ask(stop.signal).then(
      answer => setLast({ key, answer, problem: '' }),
      (error: unknown) => {
        if (!isAbort(error)) setLast({ key, answer: undefined, problem: wordsOf(error) });
      },
    );
    return () => stop.abort();
  }, [key]);
  return last?.key === key ? last : { answer: undefined, problem: '' };
}
