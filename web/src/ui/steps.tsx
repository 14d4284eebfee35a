import type { VNode } from 'preact';
import { IconButton } from './buttons';
import { copy } from './toast';

/** What is to be done one after the other, each by a command that can be copied. */
export function Steps({ steps }: { steps: readonly (readonly [what: string, command: string])[] }): VNode {
  return (
    <ol class="steps">
      {steps.map(([what, command]) => (
        <li key={command}>
          {what}
          <span class="command">
            <code>{command}</code>
            <IconButton
              icon="copy"
              label={`Copy: ${command}`}
              onClick={() => void copy(command, 'the command')}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}
