import { effect } from '@preact/signals';
import type { VNode } from 'preact';
import { theme } from '../state/settings';
import { IconButton } from '../ui/buttons';

export const kNextTheme = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const kIcons = { auto: 'contrast', light: 'sun', dark: 'moon' } as const;

/** Gives the chosen theme to the document. */
export function followTheme(): () => void {
  return effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
}

export function ThemeSwitch(): VNode {
  const next = kNextTheme[theme.value];
  return (
    <IconButton
      icon={kIcons[theme.value]}
      label={`Theme: ${theme.value}. Change to ${next}`}
      onClick={() => (theme.value = next)}
    />
  );
}
