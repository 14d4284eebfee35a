import type { ComponentChildren, VNode } from 'preact';
import { visibleNodes } from './visible_text';

const kMost = 48;
const kBegin = 14;
const kEnd = 26;

/** Whether a name is too long for a list in which all of it is seldom wanted. */
export function isLong(name: string): boolean {
  return name.length > kMost;
}

/** A name of the data, in lines that end where its parts do. */
export function WholeName({ name }: { name: string }): VNode {
  return <bdi>{withBreaks(name)}</bdi>;
}

/** A name without its middle: at the beginning is what kind of name it is, and at the end what it differs in. */
export function NameEnds({ name }: { name: string }): VNode {
  // No half of a pair, which would be shown as a code.
  const begin = name.slice(0, kBegin).replace(/[\uD800-\uDBFF]$/, '');
  const end = name.slice(-kEnd).replace(/^[\uDC00-\uDFFF]/, '');
  return (
    <>
      <WholeName name={begin} />…<WholeName name={end} />
    </>
  );
}

function withBreaks(name: string): ComponentChildren {
  const [first = '', ...parts] = name.split(/(?<=[/:._])(?=[^/:._])/);
  return [visibleNodes(first), ...parts.map(part => [<wbr />, visibleNodes(part)])];
}
