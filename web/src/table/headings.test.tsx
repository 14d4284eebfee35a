import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, change } from '../state/ask';
import { allFields } from '../state/fields';
import { columnWidths } from '../state/settings';
import { Headings } from './headings';

const kColumns = ['event_time', 'actor', 'resources_arn'];

function draw(): void {
  render(
    <table>
      <thead>
        <Headings columns={ask.value.columns} widths={[100, 200, 300]} fit={() => 77} cursor={0} />
      </thead>
    </table>,
  );
}

afterEach(cleanup);
beforeEach(() => {
  columnWidths.value = {};
  allFields.value = ['event_time', 'actor', 'resources_arn'].map(name => ({
    name,
    aliases: [],
    type: 'keyword',
    column: true,
    multi: name === 'resources_arn',
    origin: 'record',
    help: '',
  }));
  change({ columns: kColumns, sort: 'event_time desc' }, { replace: true });
});

describe('a heading', () => {
  it('sorts, the other way when it does already', () => {
    draw();
    fireEvent.click(screen.getByRole('button', { name: /^Actor/ }));
    expect(ask.value.sort).toBe('actor desc');
    fireEvent.click(screen.getByRole('button', { name: /^Time/ }));
    expect(ask.value.sort).toBe('event_time desc');
    fireEvent.click(screen.getByRole('button', { name: /^Time/ }));
    expect(ask.value.sort).toBe('event_time asc');
  });

  it('of several values does not sort', () => {
    draw();
    fireEvent.click(screen.getByRole('button', { name: /^Target/ }));
    expect(ask.value.sort).toBe('event_time desc');
  });

  it.each<[object, string[], Record<string, number>]>([
    [{ key: 'ArrowRight', ctrlKey: true }, ['event_time', 'resources_arn', 'actor'], {}],
    [{ key: 'ArrowLeft', ctrlKey: true }, ['actor', 'event_time', 'resources_arn'], {}],
    [{ key: 'Delete' }, ['event_time', 'resources_arn'], {}],
    [{ key: 'ArrowRight', shiftKey: true }, kColumns, { event_time: 100, actor: 216, resources_arn: 300 }],
    [{ key: '=' }, kColumns, { event_time: 100, actor: 77, resources_arn: 300 }],
    [{ key: 'ArrowRight' }, kColumns, {}],
  ])('with %j', (key, columns, widths) => {
    draw();
    fireEvent.keyDown(screen.getByRole('button', { name: /^Actor/ }), key);
    expect(ask.value.columns).toEqual(columns);
    expect(columnWidths.value).toEqual(widths);
  });

  it('fits by a double click on its edge', () => {
    draw();
    fireEvent.dblClick(document.querySelectorAll('.edge')[1] as HTMLElement);
    expect(columnWidths.value['actor']).toBe(77);
  });
});
