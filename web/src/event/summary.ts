/** The fields of an event by their names, each with its first value; absent ones are empty. */
export type FieldText = (name: string) => string;

/** A stretch of the sentence: `strong` is what the event is about. */
export interface Phrase {
  text: string;
  strong?: boolean;
  tone?: 'denied' | 'error';
}

/** Words for the verbs that names of actions begin with. */
const kVerbs: Readonly<Record<string, string>> = {
  Accept: 'accepted', Activate: 'activated', Add: 'added', Allocate: 'allocated', Associate: 'associated',
  Attach: 'attached', Authorize: 'authorized', Cancel: 'cancelled', Change: 'changed', Copy: 'copied',
  Create: 'created', Deactivate: 'deactivated', Decrypt: 'decrypted', Delete: 'deleted', Deploy: 'deployed',
  Deregister: 'deregistered', Describe: 'described', Detach: 'detached', Disable: 'disabled',
  Disassociate: 'disassociated', Enable: 'enabled', Encrypt: 'encrypted', Execute: 'executed', Generate: 'generated',
  Get: 'read', Head: 'looked at', Import: 'imported', Invoke: 'invoked', List: 'listed', Lookup: 'looked up',
  Modify: 'modified', Publish: 'published', Purge: 'purged', Put: 'put', Reboot: 'rebooted', Register: 'registered',
  Reject: 'rejected', Release: 'released', Remove: 'removed', Replace: 'replaced', Reset: 'reset', Restore: 'restored',
  Resume: 'resumed', Retire: 'retired', Revoke: 'revoked', Rotate: 'rotated', Run: 'ran', Schedule: 'scheduled',
  Send: 'sent', Set: 'set', Share: 'shared', Start: 'started', Stop: 'stopped', Subscribe: 'subscribed',
  Tag: 'tagged', Terminate: 'terminated', Test: 'tested', Unsubscribe: 'unsubscribed', Untag: 'untagged',
  Update: 'updated', Upload: 'uploaded', Validate: 'validated', Verify: 'verified', View: 'viewed',
}; // prettier-ignore

/** Actions that are said in words of their own; `…` is what they were done to. */
const kActions: Readonly<Record<string, string>> = {
  AssumeRole: 'assumed the role …',
  AssumeRoleWithSAML: 'assumed by SAML the role …',
  AssumeRoleWithWebIdentity: 'assumed by a web identity the role …',
  AssumeRoot: 'took a root session of …',
  ConsoleLogin: 'signed in to the console',
  CheckMfa: 'was asked for a second factor',
  ExitRole: 'left the role …',
  GetCallerIdentity: 'asked who they are',
  GetSessionToken: 'took a session token',
  GetFederationToken: 'took a federation token',
  PasswordRecoveryRequested: 'asked for a new password',
  SwitchRole: 'switched to the role …',
};

/** `DeleteBucketPolicy` in words: deleted bucket policy. Undefined where no verb is known. */
export function actionText(name: string): string | undefined {
  const words = name.replace(/\d{8}.*$/, '').match(/[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+/g) ?? [];
  const [verb = '', ...rest] = words;
  const said = Object.hasOwn(kVerbs, verb) ? kVerbs[verb] : undefined;
  if (said === undefined || words.join('') !== name.replace(/\d{8}.*$/, '')) return undefined;
  const things = rest.map(word => (/^[A-Z\d]+s?$/.test(word) && word.length > 1 ? word : word.toLowerCase()));
  return [said, ...things].join(' ');
}

/** The last part of an ARN or path, by which people know a thing. */
export function nameOfArn(arn: string): string {
  if (!arn.startsWith('arn:')) return arn;
  const [, , service, , , ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (service === 's3') return resource || arn;
  return resource.replace(/^(?:[a-z-]+[/:])(?=.)/, '') || arn;
}

const kDenied = /denied|unauthori[sz]ed|forbidden/i;

function who(field: FieldText): Phrase[] {
  const role = field('session_issuer_user_name');
  const session = field('session_name');
  const person = field('source_identity') || session;
  if (field('user_identity_type') === 'AssumedRole' && role && person) {
    return [{ text: person, strong: true }, { text: ' via role ' }, { text: role, strong: true }];
  }
  const actor = field('actor') || field('user_identity_arn') || field('user_identity_principal_id');
  return [{ text: actor || 'someone unknown', strong: true }];
}

function where(field: FieldText): Phrase[] {
  const account = field('account_name') || field('recipient_account_id');
  const phrases: Phrase[] = account ? [{ text: ' in ' }, { text: account, strong: true }] : [];
  const region = field('aws_region');
  return region ? [...phrases, { text: phrases.length > 0 ? `, ${region},` : ` in ${region}` }] : phrases;
}

function target(field: FieldText): string {
  return nameOfArn(field('target') || field('resources_arn'));
}

function action(field: FieldText): Phrase[] {
  const name = field('event_name');
  const thing = target(field);
  const said = Object.hasOwn(kActions, name) ? (kActions[name] as string) : undefined;
  if (said !== undefined) {
    const [before = '', after] = said.split('…');
    return after === undefined
      ? [{ text: ` ${said}` }]
      : [{ text: ` ${before}` }, { text: thing || '(unnamed)', strong: true }];
  }
  const words = actionText(name);
  const phrases: Phrase[] = words
    ? [{ text: ` ${words}` }]
    : [{ text: ' called ' }, { text: name || 'nothing that is named', strong: true }];
  return thing ? [...phrases, { text: words ? ' ' : ' on ' }, { text: thing, strong: true }] : phrases;
}

function outcome(field: FieldText): Phrase[] {
  const code = field('error_code');
  const message = field('error_message');
  if (field('event_outcome') !== 'failure') return [];
  if (kDenied.test(`${code} ${message}`))
    return [{ text: ', ' }, { text: 'denied', tone: 'denied', strong: true }];
  return [{ text: ', ' }, { text: `failed${code ? `: ${code}` : ''}`, tone: 'error', strong: true }];
}

/** One sentence of who did what, where, to what, and how it ended. */
export function summaryOf(field: FieldText): Phrase[] {
  const mfa = field('mfa_authenticated') === 'true' ? [{ text: ', with a second factor' }] : [];
  return [...who(field), ...where(field), ...action(field), ...mfa, ...outcome(field)];
}
