import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kShortcuts } from './shortcuts';

const kGuide = readFileSync('../docs/page.md', 'utf8');

it('gives no key two meanings', () => {
  const places = kShortcuts.flatMap(({ keys }) => keys);
  expect(new Set(places).size).toBe(places.length);
});

it.each(kShortcuts.flatMap(one => one.keys))('docs/page.md tells of %s', key =>
  expect(kGuide).toContain(`\`${key === 'Escape' ? 'Esc' : key}\``),
);
