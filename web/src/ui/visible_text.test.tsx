import { render } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { Visible, visibleString } from './visible_text';

describe('visible text', () => {
  it.each([
    ['', ''],
    ['plain text, Zoë 日本 😀', 'plain text, Zoë 日本 😀'],
    ['safe\u202etxt.exe', 'safe⟨U+202E⟩txt.exe'],
    ['\u2066\u2069\u200b\u200f\ufeff', '⟨U+2066⟩⟨U+2069⟩⟨U+200B⟩⟨U+200F⟩⟨U+FEFF⟩'],
    ['a\u0000\u001b[31m\u009b', 'a⟨U+0000⟩⟨U+001B⟩[31m⟨U+009B⟩'],
    ['a\nb\tc', 'a⟨U+000A⟩b⟨U+0009⟩c'],
    ['a\u00a0b\u3000', 'a⟨U+00A0⟩b⟨U+3000⟩'],
    ['x\u{e0041}', 'x⟨U+E0041⟩'],
    ['\ud800', '⟨U+D800⟩'],
    ['soft\u00adhyphen\u3164', 'soft⟨U+00AD⟩hyphen⟨U+3164⟩'],
  ])('%j', (text, expected) => expect(visibleString(text)).toBe(expected));

  it('is made of text and marks alone', () => {
    const { container } = render(<Visible text={'<img src=x onerror=alert(1)>\u202e'} />);
    expect(container.textContent).toBe('<img src=x onerror=alert(1)>U+202E');
    expect([...container.querySelectorAll('*')].map(element => element.tagName)).toEqual(['BDI', 'SPAN']);
  });
});
