import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import * as api from '../api/calls';
import type { About as AboutAnswer, Limit, Status } from '../api/types';
import { change } from '../state/ask';
import { allFields } from '../state/fields';
import { loadStatus, status } from '../state/status';
import { bytesText, durationText } from '../ui/amount';
import { useAnswer } from '../ui/answer';
import { Awaited } from '../ui/awaited';
import { countText } from '../ui/count';
import { Figure } from '../ui/figure';
import { Visible } from '../ui/visible_text';
import { limitText } from './limit_text';

/** What this server is, what it holds, and how much it takes at a time. */
export function About(): VNode {
  const { answer, problem } = useAnswer('', api.about);
  useEffect(() => void loadStatus().catch(() => undefined), []);
  return (
    <main class="page-view" id="about">
      <header class="page-head">
        <h1>About</h1>
        <button type="button" onClick={() => change({ view: 'search' })}>
          Back to the search
        </button>
      </header>
      <section class="panel" aria-labelledby="server-title">
        <h2 id="server-title">Trailsift</h2>
        <Awaited problem={problem} isThere={answer !== undefined} text="Loading…" />
        {answer && <Server about={answer} />}
      </section>
      {status.value && <Store held={status.value} />}
      {answer && <Limits limits={answer.limits} />}
    </main>
  );
}

function Server({ about }: { about: AboutAnswer }): VNode {
  const uptime = status.value?.uptime_seconds;
  return (
    <dl class="figures">
      <Figure name="Version" text={about.version} />
      <Figure name="Built with" text={about.compiler} />
      <Figure name="Instructions" text={about.vector_instructions} />
      <Figure name="Cores" text={countText(about.cores)} />
      <Figure name="Takes events in" text={about.takes_events ? 'yes' : 'no'} />
      <Figure name="Writes terms" text={about.bulk_writer ? 'in bulk' : "by Xapian's own writer"} />
      {uptime !== undefined && <Figure name="Up" text={durationText(uptime * 1000)} />}
    </dl>
  );
}

function Store({ held: { events, segments, bytes } }: { held: Status }): VNode {
  return (
    <section class="panel" aria-labelledby="store-title">
      <h2 id="store-title">Store</h2>
      <dl class="figures">
        <Figure name="Events" text={countText(events)} />
        <Figure name="Segments" text={countText(segments)} />
        <Figure name="Terms" text={bytesText(bytes.terms)} />
        <Figure name="Columns" text={bytesText(bytes.columns)} />
        <Figure name="Records" text={bytesText(bytes.records)} />
        <Figure name="Together" text={bytesText(bytes.total)} />
        {allFields.value.length > 0 && <Figure name="Fields" text={countText(allFields.value.length)} />}
      </dl>
    </section>
  );
}

function Limits({ limits }: { limits: readonly Limit[] }): VNode {
  return (
    <section class="panel" aria-labelledby="limits-title">
      <h2 id="limits-title">Limits</h2>
      <div class="list-scroll" role="region" aria-label="List of limits" tabIndex={0}>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Of what</th>
              <th scope="col" class="number">
                At most
              </th>
              <th scope="col">Name</th>
            </tr>
          </thead>
          <tbody>
            {limits.map(limit => (
              <tr key={limit.name}>
                <td class="wrap">
                  <Visible text={limit.help} />
                </td>
                <td class="number">{limitText(limit)}</td>
                <td>
                  <code>{limit.name}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
