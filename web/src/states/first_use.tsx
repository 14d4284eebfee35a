import type { VNode } from 'preact';
import { run } from '../state/results';
import { loadStatus } from '../state/status';
import { Steps } from '../ui/steps';

const kSteps = [
  ['Fetch log files', 'aws s3 sync s3://YOUR-BUCKET/AWSLogs logs'],
  ['Index them into the directory that this server was started with', 'trailsift index logs --data DIR'],
  ['See that they are there', 'trailsift search --data DIR "*"'],
] as const;

/** What stands where events will be, until there are any: how to get them. */
export function FirstUse(): VNode {
  const again = (): void => void Promise.all([run(), loadStatus()]).catch(() => undefined);
  return (
    <div class="message">
      <h2>Nothing is indexed yet</h2>
      <Steps steps={kSteps} />
      <p>
        <button type="button" class="primary" onClick={again}>
          Look again
        </button>{' '}
        <span class="quiet">No restart is needed.</span>
      </p>
    </div>
  );
}
