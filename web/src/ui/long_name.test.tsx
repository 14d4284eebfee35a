import { render } from '@testing-library/preact';
import { expect, it } from 'vitest';
import { isLong, NameEnds, WholeName } from './long_name';

it.each<[string, string, string]>([
  [
    'keep what it begins and ends with',
    `${'a'.repeat(30)}${'b'.repeat(30)}`,
    `${'a'.repeat(14)}…${'b'.repeat(26)}`,
  ],
  ['never halve a character', `x${'😀'.repeat(30)}y`, `x${'😀'.repeat(6)}…${'😀'.repeat(12)}y`],
  ['show what cannot be seen', `\u202e${'c'.repeat(50)}`, `U+202E${'c'.repeat(13)}…${'c'.repeat(26)}`],
])('the ends of a name %s', (_, name, shown) => {
  expect(isLong(name)).toBe(true);
  expect(render(<NameEnds name={name} />).container.textContent).toBe(shown);
});

it('is cut only where something is saved by it', () => {
  expect(isLong('x'.repeat(48))).toBe(false);
  expect(isLong('x'.repeat(49))).toBe(true);
});

it.each([
  ['sts.amazonaws.com', 'sts.|amazonaws.|com'],
  ['arn:aws:s3:::b/k_v', 'arn:|aws:|s3:::|b/|k_|v'],
  ['plain', 'plain'],
  ['', ''],
  ['<b>a.b', '&lt;b&gt;a.|b'],
])('%s may break behind its parts', (name, shown) => {
  const { innerHTML } = render(<WholeName name={name} />).container;
  expect(innerHTML.replaceAll('<wbr>', '|')).toBe(`<bdi>${shown}</bdi>`);
});
