import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, change } from '../state/ask';
import { FieldsView } from './fields_view';
import { treeOf, type Node } from './json_tree';
import { JsonView } from './json_view';

const tree = (record: unknown): Node => treeOf(JSON.stringify(record)) as Node;

afterEach(cleanup);
beforeEach(() => change({ q: '', syntax: 'kql', columns: ['event_time'] }, { replace: true }));

describe('the fields of an event', () => {
  it.each<[RegExp, string]>([
    [/^Filter for requestParameters\.a b:/, 'requestParameters."a b" == "x (1)"'],
    [/^Filter out requestParameters\.a b:/, 'not requestParameters."a b" == "x (1)"'],
    [/^Filter for events with requestParameters\.a b/, 'requestParameters."a b":*'],
  ])('%s', (name, query) => {
    render(<FieldsView tree={tree({ requestParameters: { 'a b': 'x (1)' } })} />);
    fireEvent.click(screen.getByRole('button', { name }));
    expect(ask.value.q).toBe(query);
  });

  it('become columns, and are none again', () => {
    render(<FieldsView tree={tree({ requestParameters: { a: 1 } })} />);
    fireEvent.click(screen.getByRole('button', { name: /^Add requestParameters\.a as a column/ }));
    expect(ask.value.columns).toEqual(['event_time', 'requestParameters.a']);
    fireEvent.click(screen.getByRole('button', { name: /^Remove the column/ }));
    expect(ask.value.columns).toEqual(['event_time']);
  });

  it('are drawn at once up to a number, and all on demand', () => {
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`k${at}`, at]));
    const { container } = render(<FieldsView tree={tree({ requestParameters: many })} atOnce={5} />);
    expect(container.querySelectorAll('tr').length).toBe(5);
    fireEvent.input(screen.getByLabelText('Find in this event'), { target: { value: 'k13' } });
    expect([...container.querySelectorAll('th')].map(one => one.textContent)).toEqual([
      'requestParameters.k13',
    ]);
    fireEvent.input(screen.getByLabelText('Find in this event'), { target: { value: '' } });
    fireEvent.click(screen.getByText('Show all 14 fields'));
    expect(container.querySelectorAll('tr').length).toBe(14);
  });
});

describe('the tree of an event', () => {
  it('folds and unfolds', () => {
    const { container } = render(<JsonView tree={tree({ a: { b: '<b>' }, c: [1, {}] })} />);
    expect(container.querySelector('.json')?.textContent).toContain('"b": "<b>"');
    fireEvent.click(screen.getByRole('button', { name: 'Fold a' }));
    expect(container.querySelector('.json')?.textContent).not.toContain('<b>');
    fireEvent.click(screen.getByRole('button', { name: 'Unfold all' }));
    expect(container.querySelector('.json')?.textContent).toContain('"b": "<b>"');
    fireEvent.click(screen.getByRole('button', { name: 'Fold all' }));
    expect(container.querySelector('.json')?.textContent).not.toContain('<b>');
  });

  it('has for each value what its field has', () => {
    render(<JsonView tree={tree({ requestParameters: { a: 1 } })} />);
    fireEvent.click(screen.getByRole('button', { name: 'What can be done with requestParameters.a' }));
    fireEvent.click(screen.getByRole('button', { name: 'Filter for requestParameters.a: 1' }));
    expect(ask.value.q).toBe('requestParameters.a == 1');
  });

  it('is drawn of what is nested deeply', () => {
    const deep = treeOf(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) as Node;
    const { container } = render(<JsonView tree={deep} />);
    expect(container.querySelectorAll('.json-fold').length).toBe(60);
  });
});
