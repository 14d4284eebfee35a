import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import * as api from '../api/calls';
import type { IntegrityAnswer } from '../api/types';
import { ask, change } from '../state/ask';
import { timeText } from '../time/zone';
import { useAnswer } from '../ui/answer';
import { Awaited } from '../ui/awaited';
import { countText } from '../ui/count';
import { Figure } from '../ui/figure';
import { Steps } from '../ui/steps';
import { CoveragePanel } from './coverage_panel';
import { FileList } from './file_list';
import './integrity.css';
import { counted } from './words';

/** Missing files that are asked for at once, for the map. */
const kMostMissing = 1000;

/** What `trailsift verify` found of the files, and of which places and times there is what. */
export function Integrity(): VNode {
  const version = useSignal(0);
  const { answer, problem } = useAnswer(`${version.value}`, signal =>
    api.integrity({ state: 'missing', limit: kMostMissing }, signal),
  );
  // What was found before stays, and with it the focus, while it is asked again.
  const last = useRef<IntegrityAnswer | undefined>(undefined);
  const found = (last.current = answer ?? last.current);
  return (
    <main class="page-view" id="integrity">
      <header class="page-head">
        <h1>Integrity</h1>
        <button type="button" onClick={() => change({ view: 'search' })}>
          Back to the search
        </button>
      </header>
      <section class="panel" aria-labelledby="verified-title">
        <h2 id="verified-title">Files as CloudTrail delivered them</h2>
        <Awaited problem={problem} isThere={found !== undefined} text="Loading…" />
        {found?.verified_at && <Found answer={found} verifiedAt={found.verified_at} />}
        {found && !found.verified_at && <HowTo onAgain={() => version.value++} />}
      </section>
      {found && (
        <CoveragePanel key={found.verified_at} missing={found.list} allMissing={found.files.missing} />
      )}
      {found?.verified_at && <FileList key={found.verified_at} files={found.files} />}
    </main>
  );
}

function Found({ answer: { files }, verifiedAt }: { answer: IntegrityAnswer; verifiedAt: string }): VNode {
  const { verified, unverified, missing, tampered } = files;
  return (
    <>
      <p class="actions">
        {tampered > 0 && <span class="badge error">! {counted(tampered, 'file')} tampered with</span>}
        {missing > 0 && <span class="badge denied">∅ {counted(missing, 'file')} missing</span>}
        {tampered + missing === 0 && <span class="quiet">✓ No file is tampered with or missing.</span>}
      </p>
      <dl class="figures">
        <Figure name="Last verified" text={timeText(verifiedAt, ask.value.zone).replace(/\.\d+$/, '')} />
        <Figure name="Verified" text={countText(verified)} />
        <Figure name="Unverified" text={countText(unverified)} />
        <Figure name="Missing" text={countText(missing)} />
        <Figure name="Tampered" text={countText(tampered)} />
      </dl>
    </>
  );
}

const kSteps = [
  ['Verify the bucket, into the directory of this server', 'trailsift verify s3://BUCKET/PREFIX --data DIR'],
  [
    'Or a copy, as it was named to index: fetch the public keys of its days',
    'aws cloudtrail list-public-keys --start-time DAY --end-time DAY > keys.json',
  ],
  ['and verify it by them', 'trailsift verify logs --keys keys.json --data DIR'],
] as const;

/** What stands there until files were verified. */
function HowTo({ onAgain }: { onAgain: () => void }): VNode {
  return (
    <>
      <p>Nothing was verified yet, so nothing is known of any file.</p>
      <Steps steps={kSteps} />
      <p>
        <button type="button" class="primary" onClick={onAgain}>
          Look again
        </button>{' '}
        <span class="quiet">No restart is needed.</span>
      </p>
    </>
  );
}
