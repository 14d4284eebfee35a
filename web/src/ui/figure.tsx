import type { VNode } from 'preact';
import './figure.css';

/** One of a list of figures, a `<dl class="figures">`. */
export function Figure({ name, text }: { name: string; text: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
