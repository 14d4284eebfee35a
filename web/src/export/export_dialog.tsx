import type { VNode } from 'preact';
import * as api from '../api/calls';
import type { Translations } from '../api/types';
import { ask } from '../state/ask';
import { openDialog } from '../state/dialogs';
import { shareableUrl } from '../state/links';
import { result, which } from '../state/results';
import { encodeAsk } from '../state/url_codec';
import { useAnswer } from '../ui/answer';
import { IconButton } from '../ui/buttons';
import { countText } from '../ui/count';
import { Dialog } from '../ui/dialog';
import { copy } from '../ui/toast';
import { Visible } from '../ui/visible_text';
import { CodeText } from './code_text';
import './export.css';
import { fixedTime } from './fixed_times';
import { PolicyPart } from './policy_part';

/** The result as files, and the question as other programs ask it. */
export function ExportDialog(): VNode {
  const total = result.value?.total;
  return (
    <Dialog title="Export and share" onClose={() => (openDialog.value = undefined)}>
      <section class="export-part">
        <h3>
          {total === undefined ? 'The events' : total === 1 ? 'The event' : `All ${countText(total)} events`}
        </h3>
        <Files />
      </section>
      <section class="export-part">
        <h3>Link</h3>
        <Links />
      </section>
      <section class="export-part">
        <h3>Copy the query as</h3>
        <CopyAs />
      </section>
      <section class="export-part">
        <h3>IAM policy</h3>
        <PolicyPart />
      </section>
    </Dialog>
  );
}

function Files(): VNode {
  const shown = which.value;
  return (
    <p class="actions">
      <a
        class="button"
        href={api.exportPath({ ...shown, format: 'csv', columns: ask.value.columns })}
        download="trailsift.csv"
      >
        CSV of the shown columns
      </a>
      <a class="button" href={api.exportPath({ ...shown, format: 'ndjson' })} download="trailsift.ndjson">
        Original records, one a line
      </a>
    </p>
  );
}

function Links(): VNode {
  const share = (search: string): void =>
    void shareableUrl(search)
      .then(url => copy(url, 'the link'))
      .catch(() => undefined);
  const { from, to } = ask.value;
  const fixed = (): void => {
    const now = Date.now();
    share(encodeAsk({ ...ask.value, from: fixedTime(from, now), to: fixedTime(to || 'now', now) }));
  };
  return (
    <p class="actions">
      <button type="button" onClick={() => share(encodeAsk(ask.value))}>
        Copy the link
      </button>
      <button type="button" onClick={fixed}>
        Copy it with fixed times
      </button>
    </p>
  );
}

const kNames: Readonly<Record<string, string>> = {
  curl: 'curl',
  structured: 'CloudSearch, structured',
  kql: 'KQL',
  athena_sql: 'Athena SQL',
  sigma: 'Sigma rule',
  eventbridge: 'EventBridge pattern',
};

function CopyAs(): VNode {
  const asked = which.value;
  const { answer, problem } = useAnswer(JSON.stringify(asked), signal => api.translate(asked, signal));
  if (problem)
    return (
      <p role="alert">
        The query cannot be translated: <Visible text={problem} />
      </p>
    );
  return (
    <dl class="translations">
      {Object.keys(kNames).map(language => (
        <Translation key={language} name={kNames[language] ?? language} translation={answer?.[language]} />
      ))}
    </dl>
  );
}

function Translation({
  name,
  translation,
}: {
  name: string;
  translation: Translations[string] | undefined;
}): VNode {
  const text = translation?.text;
  return (
    <div class="translation">
      <dt>
        {name}
        <IconButton
          icon="copy"
          label={`Copy as ${name}`}
          disabled={text === undefined}
          onClick={() => void copy(text ?? '', name)}
        />
      </dt>
      <dd>
        {text === undefined ? (
          <span class="quiet">
            <Visible text={translation?.error ?? ''} />
          </span>
        ) : (
          <CodeText label={name} text={text} />
        )}
      </dd>
    </div>
  );
}
