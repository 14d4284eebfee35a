import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from './icons';

interface IconButtonProps {
  icon: IconName;
  /** What it does, for those who see no icons; also its tooltip. */
  label: string;
  onClick: (event: MouseEvent) => void;
  pressed?: boolean;
  disabled?: boolean;
  class?: string;
}

export function IconButton({
  icon,
  label,
  onClick,
  pressed,
  disabled,
  class: extra,
}: IconButtonProps): VNode {
  return (
    <button
      type="button"
      class={`icon-button ${extra ?? ''}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

interface SegmentedProps<T extends string> {
  label: string;
  choices: readonly { value: T; content: ComponentChildren; title?: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, all in sight. */
export function Segmented<T extends string>({ label, choices, chosen, onChoose }: SegmentedProps<T>): VNode {
  return (
    <div class="segmented" role="group" aria-label={label}>
      {choices.map(({ value, content, title }) => (
        <button
          type="button"
          key={value}
          aria-pressed={value === chosen}
          title={title}
          onClick={() => onChoose(value)}
        >
          {content}
        </button>
      ))}
    </div>
  );
}
