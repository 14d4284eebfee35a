import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { Hit, SearchAnswer, SearchRequest } from '../api/types';
import { ask, change } from './ask';
import { failure, followAsk, loading, loadMore, result, run } from './results';
import { status } from './status';
import { decodeAsk } from './url_codec';

/** What the server was asked, each to be answered by the test. */
interface Question {
  asked: SearchRequest;
  answer: (answer: Partial<SearchAnswer>) => Promise<void>;
  refuse: (code: string) => Promise<void>;
}

let questions: Question[];
let fields: Promise<Response>;
let stop: () => void;

const hits = (...ids: string[]): Hit[] =>
  ids.map(id => ({ id, time: '2021-07-29T12:00:00Z', fields: {} }) as unknown as Hit);

/** Lets everything go on that waits for nothing but its turn. */
const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

async function newest(): Promise<Question> {
  await turn();
  return questions.at(-1) as Question;
}

function serve(path: string, { body, signal }: RequestInit): Promise<Response> {
  if (path === '/api/fields') return fields;
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
    questions.push({
      asked: JSON.parse(String(body)) as SearchRequest,
      answer: answer => {
        resolve(Response.json({ total: 9, hits: [], took_ms: 1, ...answer }));
        return turn();
      },
      refuse: code => {
        resolve(Response.json({ error: { code, message: 'no' } }, { status: 400 }));
        return turn();
      },
    });
  });
}

beforeEach(() => {
  questions = [];
  fields = Promise.resolve(Response.json({ fields: [] }));
  vi.stubGlobal('fetch', serve);
  status.value = { events: 9 } as typeof status.value;
  result.value = undefined;
  failure.value = undefined;
  ask.value = decodeAsk('');
  stop = followAsk();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

it('waits until it is known what a click on a field asks, and does without where that cannot be had', async () => {
  stop();
  await turn();
  questions = [];
  let fail = (): void => undefined;
  fields = new Promise((_, reject) => (fail = () => reject(new TypeError('no network'))));
  // As a page that was just loaded.
  vi.resetModules();
  stop = (await import('./results')).followAsk();
  await turn();
  expect(questions).toEqual([]);
  fail();
  expect((await newest()).asked.q).toBe('');
});

it('asks again when the question is another, and not when an event is opened or another zone chosen', async () => {
  await (await newest()).answer({ hits: hits('a') });
  expect(loading.value).toBe(false);
  change({ event: 'a' });
  change({ zone: 'Europe/Berlin' });
  await turn();
  expect(questions).toHaveLength(1);
  change({ q: 'bob' });
  expect((await newest()).asked.q).toBe('bob');
  expect(questions).toHaveLength(2);
});

it('never puts rows that come late behind those of a newer answer', async () => {
  await (await newest()).answer({ hits: hits('a'), cursor: 'behind a' });
  void run();
  const again = await newest();
  const more = loadMore();
  const late = await newest();
  expect(late.asked.cursor).toBe('behind a');
  await again.answer({ hits: hits('newer'), total: 10, cursor: 'behind newer' });
  await late.answer({ hits: hits('b') });
  await more;
  expect(result.value?.hits.map(hit => hit.id)).toEqual(['newer']);
  expect(result.value?.total).toBe(10);
});

it('shows a part of what takes long, and goes on until all is searched', async () => {
  const early = await newest();
  expect(early.asked.timeout).toBe('2s');
  await early.answer({ hits: hits('a'), partial: { searched_events: 4, events: 9 } });
  expect(result.value?.hits.map(hit => hit.id)).toEqual(['a']);
  expect(loading.value).toBe(true);
  const whole = await newest();
  expect(whole).not.toBe(early);
  expect(whole.asked.timeout).toBeUndefined();
  await whole.answer({ hits: hits('a', 'b') });
  expect(result.value?.partial).toBeUndefined();
  expect(result.value?.hits).toHaveLength(2);
  expect(loading.value).toBe(false);
});

it('goes on when the first seconds are not enough for a part, and never shows a part instead of a whole', async () => {
  await (await newest()).refuse('too_large');
  const whole = await newest();
  expect([whole.asked.timeout, result.value, failure.value]).toEqual([undefined, undefined, undefined]);
  await whole.answer({ hits: hits('a') });
  void run();
  expect((await newest()).asked.timeout).toBeUndefined();
});

it('shows a refusal at once', async () => {
  await (await newest()).refuse('bad_query');
  expect(questions).toHaveLength(1);
  expect(failure.value).toBeInstanceOf(ApiError);
  expect(loading.value).toBe(false);
});

it('knows how much was searched for all that it shows', async () => {
  await (await newest()).answer({ partial: { searched_events: 3, events: 9 } });
  const main = await newest();
  expect(main.asked.partial).toBe(true);
  await main.answer({ hits: hits('a'), cursor: 'behind a', partial: { searched_events: 5, events: 9 } });
  expect(result.value?.partial).toEqual({ searched_events: 5, events: 9 });
  void run();
  await (await newest()).answer({ hits: hits('a'), cursor: 'behind a' });
  expect(result.value?.partial).toBeUndefined();
  const more = loadMore();
  await (await newest()).answer({ hits: hits('b'), partial: { searched_events: 4, events: 9 } });
  await more;
  expect(result.value?.partial).toEqual({ searched_events: 4, events: 9 });
});
