import type { ComponentChildren, VNode } from 'preact';

/** Characters that a reader would not see, or that change what others look like: controls, marks of
 * direction, of no width, other spaces than the one of the keyboard, and halves of pairs. */
const kUnseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Most texts have only characters that need no closer look. */
function hasUnseen(text: string): boolean {
  return !/^[ -~]*$/.test(text);
}

export interface Unseen {
  code: string;
}

/** `text` in stretches: what can be seen as it is, and the code points of what cannot. */
export function visibleParts(text: string): (string | Unseen)[] {
  const parts: (string | Unseen)[] = [];
  let seen = 0;
  for (const match of text.matchAll(kUnseen)) {
    if (match.index > seen) parts.push(text.slice(seen, match.index));
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    parts.push({ code: `U+${code}` });
    seen = match.index + match[0].length;
  }
  if (seen < text.length || parts.length === 0) parts.push(text.slice(seen));
  return parts;
}

/** The same as one text, for titles and labels. */
export function visibleString(text: string): string {
  return visibleParts(text)
    .map(part => (typeof part === 'string' ? part : `⟨${part.code}⟩`))
    .join('');
}

/** Text of the data as children of an element that holds nothing else: text, and marks for what cannot be seen. */
export function visibleNodes(text: string): ComponentChildren {
  if (!hasUnseen(text)) return text;
  return visibleParts(text).map(part =>
    typeof part === 'string' ? part : <span class="unseen">{part.code}</span>,
  );
}

/** Text of the data, which is never anything but text. */
export function Visible({ text }: { text: string }): VNode {
  return <bdi>{visibleNodes(text)}</bdi>;
}
