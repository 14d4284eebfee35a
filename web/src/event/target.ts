import { nodeAt, type Node } from './json_tree';

/** Names of parameters that say what a call is about, in small letters, the most telling first. */
const kTelling = [
  ...[
    'bucketname',
    'rolearn',
    'rolename',
    'username',
    'groupname',
    'policyarn',
    'policyname',
    'functionname',
  ],
  ...[
    'instanceid',
    'secretid',
    'keyid',
    'topicarn',
    'queueurl',
    'trailname',
    'tablename',
    'dbinstanceidentifier',
  ],
  ...['clustername', 'stackname', 'loggroupname', 'repositoryname', 'domainname', 'volumeid', 'snapshotid'],
  ...['imageid', 'vpcid', 'subnetid', 'groupid', 'accesskeyid', 'name', 'arn', 'id'],
];

/** What a call was about, from its parameters; empty when they do not say. */
export function targetOfRecord(record: Node | undefined): string {
  const parameters = nodeAt(record, 'requestParameters');
  if (parameters?.kind !== 'object') return '';
  let best = '';
  let rank = Number.POSITIVE_INFINITY;
  for (const { key, node } of parameters.members) {
    const at = kTelling.indexOf(key.toLowerCase());
    if (node.kind === 'string' && at >= 0 && at < rank) [best, rank] = [node.text, at];
  }
  return best;
}
