import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask, change } from '../state/ask';
import { isZone, kUtc } from '../time/zone';
import { focusAtFirst } from '../ui/focus';

const kOther = 'other';

function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || kUtc;
}

/** In which zone times are shown, and meant where they tell none. */
export function ZoneChoice(): VNode {
  const { zone } = ask.value;
  const isTyping = useSignal(false);
  const own = browserZone();
  const listed = [...new Set([kUtc, own, zone])];
  return (
    <div class="zone-choice">
      <label>
        Time zone
        <select
          value={isTyping.value ? kOther : zone}
          onChange={event => {
            const chosen = event.currentTarget.value;
            isTyping.value = chosen === kOther;
            if (chosen !== kOther) change({ zone: chosen });
          }}
        >
          {listed.map(name => (
            <option key={name} value={name}>
              {name === own && name !== kUtc ? `${name} (this browser)` : name}
            </option>
          ))}
          <option value={kOther}>Another…</option>
        </select>
      </label>
      {isTyping.value && <AnyZone onChosen={() => (isTyping.value = false)} />}
    </div>
  );
}

function AnyZone({ onChosen }: { onChosen: () => void }): VNode {
  const known = Intl.supportedValuesOf('timeZone');
  return (
    <>
      <input
        list="zones"
        aria-label="Name of a time zone"
        placeholder="Europe/Berlin"
        ref={focusAtFirst}
        onChange={event => {
          const name = event.currentTarget.value.trim();
          if (!isZone(name) || name === '')
            return event.currentTarget.setCustomValidity(`there is no zone ${name}`);
          change({ zone: name });
          onChosen();
        }}
        onInput={event => event.currentTarget.setCustomValidity('')}
      />
      <datalist id="zones">
        {known.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
