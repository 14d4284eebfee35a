import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { render as draw } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { Suggestions } from '../api/suggest';
import { ask, type Ask } from '../state/ask';
import { failure, result, type Result } from '../state/results';
import { decodeAsk } from '../state/url_codec';
import { entriesOf } from './completion';
import { Recall, remember } from './history';
import { Pills } from './pills';
import { SearchBar } from './search_bar';
import { SyntaxChoice } from './syntax_choice';

function start(patch: Partial<Ask> = {}): void {
  ask.value = { ...decodeAsk(''), ...patch };
}

beforeEach(() => {
  start();
  failure.value = undefined;
  result.value = { total: 0, hits: [], facets: new Map() } as unknown as Result;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const press = (name: string | RegExp): boolean => fireEvent.click(screen.getByRole('button', { name }));
const noEditor = () => Promise.reject(new Error('offline'));

describe('completion', () => {
  const values = (begin: number, end: number, value: string): Suggestions => ({
    replace: { begin, end },
    field: 'actor',
    values: [{ value, count: 1234 }],
  });
  it.each<[string, string, 'kql' | 'structured', Suggestions, string]>([
    ['a plain value', 'actor:al', 'kql', values(6, 8, 'alice'), 'actor:alice'],
    ['one that needs quotes', 'actor:al', 'kql', values(6, 8, 'al "x"'), 'actor:"al \\"x\\""'],
    ['within quotes', 'actor:"al', 'kql', values(7, 9, 'al x'), 'actor:"al x"'],
    ['within both quotes', 'actor:"al"', 'kql', values(7, 9, 'al x'), 'actor:"al x"'],
    ['within single quotes', "actor:'al", 'kql', values(7, 9, `it's "x"`), `actor:'it\\'s "x"'`],
    ['behind more bytes than letters', 'é😀 actor:al', 'kql', values(13, 15, 'alice'), 'é😀 actor:alice'],
    [
      'the structured syntax',
      "(and actor:'al",
      'structured',
      values(12, 14, "al'ice\\"),
      "(and actor:'al\\'ice\\\\'",
    ],
    ['without a quote there', 'actor:', 'structured', values(6, 6, 'alice'), "actor:'alice'"],
    [
      'a field',
      'ev',
      'kql',
      { replace: { begin: 0, end: 2 }, fields: [{ name: 'event_name', type: 'keyword', help: '' }] },
      'event_name:',
    ],
    [
      'a field before its sign',
      'ev:x',
      'kql',
      { replace: { begin: 0, end: 2 }, fields: [{ name: 'event_name', type: 'keyword', help: '' }] },
      'event_name:x',
    ],
    [
      'an operator',
      'a:b ',
      'kql',
      { replace: { begin: 4, end: 4 }, operators: [{ text: 'and ', help: '' }] },
      'a:b and ',
    ],
  ])('writes %s', (_name, text, syntax, suggestions, expected) => {
    const { begin, end, entries } = entriesOf(suggestions, text, syntax);
    expect(text.slice(0, begin) + (entries[0]?.text ?? '') + text.slice(end)).toBe(expected);
  });

  it('shows counts, and what cannot be seen', () => {
    const [entry] = entriesOf(values(6, 6, 'a\u202eb'), 'actor:', 'kql').entries;
    expect(entry).toMatchObject({ label: 'a⟨U+202E⟩b', detail: '1,234', text: '"a\\u202eb"' });
  });

  it('is bounded', () => {
    const many = Array.from({ length: 90 }, (_, at) => ({ value: `v${at}` }));
    expect(entriesOf({ replace: { begin: 0, end: 0 }, values: many }, '', 'kql').entries).toHaveLength(50);
  });
});

describe('history', () => {
  it('goes back and forth, by language, and comes back to what was written', () => {
    remember('first', 'kql');
    remember("a:'b'", 'structured');
    remember('second', 'kql');
    remember('first', 'kql');
    remember('  ', 'kql');
    const recall = new Recall(() => 'kql');
    expect([recall.step(1, 'dra'), recall.step(1, 'first'), recall.step(1, 'second')]).toEqual([
      'first',
      'second',
      undefined,
    ]);
    expect([recall.step(-1, 'second'), recall.step(-1, 'first'), recall.step(-1, 'dra')]).toEqual([
      'first',
      'dra',
      undefined,
    ]);
  });

  it('is bounded', () => {
    for (let at = 0; at < 300; at++) remember(`query ${at}`, 'kql');
    remember('x'.repeat(6000), 'kql');
    const recall = new Recall(() => 'kql');
    let steps = 0;
    while (recall.step(1, '') !== undefined) steps++;
    expect(steps).toBe(100);
  });
});

describe('the bar without its editor', () => {
  it('asks and remembers', () => {
    render(<SearchBar load={noEditor} />);
    const input = screen.getByLabelText<HTMLInputElement>('Query');
    fireEvent.input(input, { target: { value: 'actor:alice' } });
    fireEvent.submit(screen.getByRole('search'));
    expect(ask.value.q).toBe('actor:alice');
    fireEvent.input(input, { target: { value: '' } });
    fireEvent.keyDown(input, { key: 'ArrowUp' });
    expect(input.value).toBe('actor:alice');
    fireEvent.keyDown(input, { key: 'ArrowDown' });
    expect(input.value).toBe('');
  });

  it('keeps what is written before the first painting', async () => {
    const root = document.createElement('div');
    // Not by the library, whose effects do not wait for the painting.
    draw(<SearchBar load={noEditor} />, root);
    const input = root.querySelector('#query') as HTMLInputElement;
    input.value = 'actor:alice';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    // Drawing anew runs the effects that wait.
    await new Promise(resolve => setTimeout(resolve));
    expect(input.value).toBe('actor:alice');
    draw(null, root);
  });

  it('keeps what is being written until another query is asked', () => {
    render(<SearchBar load={noEditor} />);
    const input = screen.getByLabelText<HTMLInputElement>('Query');
    fireEvent.input(input, { target: { value: 'actor:al' } });
    act(() => start({ event: 'e1' }));
    expect(input.value).toBe('actor:al');
    act(() => start({ q: 'other' }));
    expect(input.value).toBe('other');
  });

  it('keeps what is written at once when another query was asked', async () => {
    render(<SearchBar load={noEditor} />);
    const input = screen.getByLabelText<HTMLInputElement>('Query');
    start({ q: 'other' });
    fireEvent.input(input, { target: { value: 'more' } });
    await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    expect(input.value).toBe('more');
  });

  it('has examples while it is empty', async () => {
    render(<SearchBar load={noEditor} />);
    expect(screen.queryByRole('list', { name: 'Examples' })).toBeNull();
    screen.getByLabelText('Query').focus();
    fireEvent.click(await screen.findByRole('button', { name: /what people changed/ }));
    expect(screen.getByLabelText<HTMLInputElement>('Query').value).toBe(
      'actor_type:human and read_only:false',
    );
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Examples' })).toBeNull());
  });
});

describe('the editor', () => {
  it('takes the place of the input with its text, colours and marks it', async () => {
    const { container } = render(<SearchBar />);
    fireEvent.input(screen.getByLabelText('Query'), { target: { value: 'x and actor:"a b"' } });
    await waitFor(() => expect(container.querySelector('.cm-content')).not.toBeNull());
    expect(container.querySelectorAll('input')).toHaveLength(0);
    const content = screen.getByRole('combobox', { name: 'Query' });
    expect(content.id).toBe('query');
    expect(content.textContent).toBe('x and actor:"a b"');
    expect(
      [...content.querySelectorAll('.query-and, .query-field, .query-string')].map(one => one.textContent),
    ).toEqual(['and', 'actor', '"a b"']);
    fireEvent.keyDown(content, { key: 'Enter' });
    expect(ask.value.q).toBe('x and actor:"a b"');
    failure.value = new ApiError('no such field', 400, 'bad_query', 'q', { begin: 6, end: 11 });
    await waitFor(() => expect(content.querySelector('.query-wrong')?.textContent).toBe('actor'));
    start({ q: 'other' });
    await waitFor(() => expect(content.textContent).toBe('other'));
  });
});

describe('pills', () => {
  it.each<[string, Partial<Ask>, () => void, Partial<Ask>]>([
    ['turn', { q: 'a:b and c:d' }, () => press('Turn around: a:b'), { q: 'not a:b and c:d' }],
    ['switch off', { q: 'a:b and c:d' }, () => press('Switch off: a:b'), { q: 'c:d', off: ['a:b'] }],
    [
      'switch on',
      { q: 'x or y', off: ['a:b', 'c:d'] },
      () => press('Switch on: a:b'),
      { q: '(x or y) and a:b', off: ['c:d'] },
    ],
    [
      'stay off while the query has no end',
      { q: 'x and (', off: ['a:b'] },
      () => press('Switch on: a:b'),
      { q: 'x and (', off: ['a:b'] },
    ],
    ['remove', { q: 'a:b and c:d' }, () => press('Remove: a:b'), { q: 'c:d' }],
    ['forget', { q: '', off: ['a:b'] }, () => press('Remove: a:b'), { off: [] }],
    [
      'turn structured',
      { q: "(and a:'b' (not c:'d'))", syntax: 'structured' },
      () => press("Turn around: (not c:'d')"),
      { q: "(and a:'b' c:'d')" },
    ],
    [
      'remove by key',
      { q: 'a:b and c:d' },
      () => fireEvent.keyDown(screen.getByRole('button', { name: 'Edit: a:b' }), { key: 'Delete' }),
      { q: 'c:d' },
    ],
  ])('%s', (_name, first, act, expected) => {
    start(first);
    render(<Pills />);
    act();
    expect(ask.value).toMatchObject(expected);
  });

  it.each([
    ['a:x or e:f', 'Enter', '(a:x or e:f) and c:d'],
    ['', 'Enter', 'c:d'],
    ['a:"x', 'Enter', 'a:b and c:d'],
    ['a:x', 'Escape', 'a:b and c:d'],
  ])('are written anew: %s, %s', (text, key, expected) => {
    start({ q: 'a:b and c:d' });
    render(<Pills />);
    press('Edit: a:b');
    const input = screen.getByRole('textbox');
    expect(document.activeElement).toBe(input);
    fireEvent.input(input, { target: { value: text } });
    fireEvent.keyDown(input, { key });
    expect(ask.value.q).toBe(expected);
  });
});

describe('the language', () => {
  const answers = (body: unknown, status = 200): void =>
    void vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
  const choose = (): void =>
    void fireEvent.change(screen.getByLabelText('Language of the query'), {
      target: { value: 'structured' },
    });

  it('is changed with the query in it', async () => {
    answers({ structured: { text: "actor:'alice'" }, kql: { text: 'x' } });
    start({ q: 'actor == alice', off: ['x'] });
    render(<SyntaxChoice />);
    choose();
    await waitFor(() => expect(ask.value.syntax).toBe('structured'));
    expect(ask.value).toMatchObject({ q: "actor:'alice'", off: [] });
  });

  it.each([
    [{ structured: { error: 'no case' } }, 200],
    [{ error: { code: 'not_found', message: 'no such route' } }, 404],
  ])('is begun anew where a query cannot be said in it: %j', async (body, status) => {
    answers(body, status);
    start({ q: 'actor:alice' });
    render(<SyntaxChoice />);
    choose();
    await waitFor(() => expect(ask.value).toMatchObject({ syntax: 'structured', q: '' }));
  });
});
