import type { VNode } from 'preact';
import { ApiError, type ByteRange, OfflineError, wordsOf } from '../api/client';
import { indexOfByte } from '../query_text/byte_offset';
import { ask } from '../state/ask';
import { failure, result, run } from '../state/results';
import { Visible, visibleString } from '../ui/visible_text';
import { Narrower } from './narrower';

/** What went wrong with the last question, in the server's words, and what can be done about it. */
export function FailureBanner(): VNode | null {
  const error = failure.value;
  if (error === undefined || error instanceof OfflineError) return null;
  return (
    <section class="failure" role="alert">
      <p>
        <b>{headingOf(error)}</b> <Visible text={wordsOf(error)} />
        {result.value && <span class="quiet"> What is below answers the question before.</span>}
      </p>
      {error instanceof ApiError && <Remedy error={error} />}
    </section>
  );
}

function headingOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The page failed:';
  if (isTimeout(error)) return 'That took too long:';
  if (error.status === 503) return 'The server is busy:';
  return error.status >= 500 ? 'The server has a fault:' : 'That cannot be searched:';
}

function isTimeout(error: ApiError): boolean {
  return error.code === 'too_large' && error.message.startsWith('the query took longer');
}

function Remedy({ error }: { error: ApiError }): VNode | null {
  if (error.parameter === 'q' && error.at) return <Caret text={ask.value.q} at={error.at} />;
  if (isTimeout(error)) return <Narrower />;
  if (error.status < 500) return null;
  return (
    <button type="button" onClick={() => void run()}>
      Try again
    </button>
  );
}

function Caret({ text, at }: { text: string; at: ByteRange }): VNode {
  const first = indexOfByte(text, at.begin);
  const last = Math.max(indexOfByte(text, at.end), first + 1);
  const before = visibleString(text.slice(0, first));
  const wrong = visibleString(text.slice(first, last));
  return (
    <pre class="caret" tabIndex={0} aria-label="Where in the query">
      {visibleString(text)}
      {`\n${' '.repeat(before.length)}${'^'.repeat(Math.max(wrong.length, 1))}`}
    </pre>
  );
}
