import { waitFor } from '@testing-library/preact';
import { render, type ComponentType } from 'preact';
import { expect, it } from 'vitest';
import { later } from './later';

it('shows a part that arrived between its drawing and its effects', async () => {
  let arrive: ((part: ComponentType) => void) | undefined;
  const part = new Promise<ComponentType>(resolve => (arrive = resolve));
  let asked = 0;
  const Part = later(() => {
    asked++;
    return part;
  });
  const place = document.createElement('div');
  render(<Part key="first" />, place);
  await waitFor(() => expect(asked).toBe(1));
  render(<Part key="second" />, place);
  arrive?.(() => <p>here</p>);
  await waitFor(() => expect(place.textContent).toBe('here'));
});

it('says when a part does not arrive, and tries again', async () => {
  let asked = 0;
  const Part = later(async () => {
    if (asked++ === 0) throw new Error('gone');
    return () => <p>here</p>;
  });
  const place = document.createElement('div');
  render(<Part />, place);
  await waitFor(() => expect(place.textContent).toContain('did not arrive'));
  place.querySelector('button')?.click();
  await waitFor(() => expect(place.textContent).toBe('here'));
});
