import { render } from '@testing-library/preact';
import { expect, it } from 'vitest';
import { isLong, NameEnds, WholeName } from './long_name';

it.each<[string, string, string]>([
  [
    'keep what it begins and ends with',
    `${'a'.repeat(40)}${'b'.repeat(60)}`,
    `${'a'.repeat(24)}…${'b'.repeat(44)}`,
  ],
  ['never halve a character', `x${'😀'.repeat(50)}y`, `x${'😀'.repeat(11)}…${'😀'.repeat(21)}y`],
  ['show what cannot be seen', `\u202e${'c'.repeat(99)}`, `U+202E${'c'.repeat(23)}…${'c'.repeat(44)}`],
])('the ends of a name %s', (_, name, shown) => {
  expect(isLong(name)).toBe(true);
  expect(render(<NameEnds name={name} />).container.textContent).toBe(shown);
});

it('is cut only where something is saved by it', () => {
  expect(isLong('x'.repeat(69))).toBe(false);
  expect(isLong('x'.repeat(70))).toBe(true);
});

it.each([
  ['sts.amazonaws.com', 'sts.|amazonaws.|com'],
  ['arn:aws:s3:::b/k', 'arn:|aws:|s3:::|b/|k'],
  ['plain', 'plain'],
  ['', ''],
  ['<b>a.b', '&lt;b&gt;a.|b'],
])('%s may break behind its parts', (name, shown) => {
  const { innerHTML } = render(<WholeName name={name} />).container;
  expect(innerHTML.replaceAll('<wbr>', '|')).toBe(`<bdi>${shown}</bdi>`);
});
