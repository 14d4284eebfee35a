import { cleanup, render, waitFor } from '@testing-library/preact';
import type { VNode } from 'preact';
import { afterEach, expect, it } from 'vitest';
import { useAnswer } from './answer';

afterEach(cleanup);

/** Questions that are answered by the test, each by its key. */
const questions = new Map<string, Question>();

interface Question {
  resolve: (answer: string) => void;
  reject: (reason: unknown) => void;
  signal: AbortSignal;
}

function question(key: string): (signal: AbortSignal) => Promise<string> {
  return signal =>
    new Promise((resolve, reject) => {
      questions.set(key, { resolve, reject, signal });
      signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
    });
}

function Asking({ name }: { name: string }): VNode {
  const { answer, problem } = useAnswer(name, question(name));
  return <p>{answer ?? (problem || 'awaited')}</p>;
}

it('shows the answer to the present question alone', async () => {
  const { container, rerender } = render(<Asking name="a" />);
  await waitFor(() => expect(questions.has('a')).toBe(true));
  rerender(<Asking name="b" />);
  await waitFor(() => expect(questions.has('b')).toBe(true));
  expect(questions.get('a')?.signal.aborted).toBe(true);
  questions.get('a')?.resolve('of a');
  questions.get('b')?.resolve('of b');
  await waitFor(() => expect(container.textContent).toBe('of b'));
  rerender(<Asking name="c" />);
  expect(container.textContent).toBe('awaited');
  await waitFor(() => expect(questions.has('c')).toBe(true));
  questions.get('c')?.reject(new Error('no such thing'));
  await waitFor(() => expect(container.textContent).toBe('no such thing'));
});
