import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ask, change } from '../state/ask';
import { timesIn } from '../time/read_time';
import { Icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { toast } from '../ui/toast';
import { wantedPlace } from './grid';
import { placeOfTime } from './rows';
import { shownRows } from './shown_rows';

/** Goes to a time: among the rows that are there, else by a range that begins at it. */
export function JumpToTime(): VNode | null {
  const [sorted, direction] = ask.value.sort.split(' ');
  if (sorted !== 'event_time') return null;
  return (
    <Popup label="Go to a time" button={<Icon name="clock" />} class="jump">
      {close => (
        <JumpForm
          onTime={time => {
            close();
            jumpTo(time, direction !== 'asc');
          }}
        />
      )}
    </Popup>
  );
}

/** Shows the rows at `time`, in milliseconds. */
export function jumpTo(time: number, descending: boolean): void {
  const { hits } = shownRows.value;
  const place = placeOfTime(hits, time, descending);
  const first = hits[0];
  const isBefore = first && (descending ? Date.parse(first.time) < time : Date.parse(first.time) > time);
  if (place !== undefined && !isBefore) {
    wantedPlace.value = place;
    return;
  }
  const bound = new Date(descending ? time + 1000 : time).toISOString();
  change(descending ? { to: bound, event: '' } : { from: bound, event: '' });
  toast(`The range now ${descending ? 'ends' : 'begins'} there; the back button returns to the one before`);
}

function JumpForm({ onTime }: { onTime: (time: number) => void }): VNode {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      class="jump-form"
      onSubmit={event => {
        event.preventDefault();
        const time = timesIn(text, ask.value.zone, Date.now())[0]?.time;
        if (time === undefined) setWrong(true);
        else onTime(time);
      }}
    >
      <label>
        Time, in {ask.value.zone}
        <input
          value={text}
          placeholder="2021-07-29 12:00"
          aria-invalid={wrong}
          aria-describedby="jump-help"
          onInput={event => {
            setText(event.currentTarget.value);
            setWrong(false);
          }}
        />
      </label>
      <p id="jump-help" class="hint" role={wrong ? 'alert' : undefined}>
        {wrong
          ? 'Expected a day, or a day and a time, such as 2021-07-29 12:00'
          : 'A day, or a day and a time'}
      </p>
      <button type="submit" class="primary">
        Go
      </button>
    </form>
  );
}
