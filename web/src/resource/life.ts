import type { Hit } from '../api/types';
import { outcomeOf, valueOf } from '../table/outcome';

/** What an event was to a resource. */
export type Stage = 'created' | 'changed' | 'deleted' | 'failed';

/** A parameter of a request that was not so before. */
export interface Change {
  path: string;
  before: string | undefined;
  after: string;
}

export interface LifeEvent {
  hit: Hit;
  stage: Stage;
  changes: Change[];
}

/** A value of a record's request, by its path below `requestParameters`. */
export interface Parameter {
  path: string;
  value: string;
}

const kCreating = /^(?:Create|Run|Register|Allocate|Import|Launch|Provision|Restore)/;
const kDeleting = /^(?:Delete|Terminate|Deregister|Release|Destroy|ScheduleKeyDeletion)/;

/** The name without the type, by which requests call what an ARN is of. */
export function plainName(resource: string): string {
  if (!resource.startsWith('arn:')) return resource;
  const [, , service, , , ...rest] = resource.split(':');
  const name = rest.join(':');
  if (service === 's3') return name.split('/')[0] || resource;
  return name.replace(/^.*[/:](?=[^/:])/, '') || resource;
}

/** The kind of thing that an ARN is of, as names of actions have it in small letters; empty when it does not say. */
export function kindOf(resource: string): string {
  if (!resource.startsWith('arn:')) return '';
  const [, , service, , , type = ''] = resource.split(':');
  if (service === 's3') return type.includes('/') ? 'object' : 'bucket';
  return /^([a-z-]+)\//.exec(type)?.[1]?.replaceAll('-', '') ?? '';
}

/** Whether an action is done to the thing itself, rather than to a part of it such as its policy. */
function isOfThing(action: string, verb: RegExp, kind: string): boolean {
  const noun = action
    .replace(/\d{8}.*$/, '')
    .replace(verb, '')
    .toLowerCase();
  return (
    kind === '' || noun === '' || noun.replace(/s$/, '') === kind || kCreating.exec(action)?.[0] === 'Run'
  );
}

export function stageOf(hit: Hit, kind: string): Stage {
  const action = valueOf(hit, 'event_name');
  if (outcomeOf(hit) !== 'ok') return 'failed';
  if (kCreating.test(action) && isOfThing(action, kCreating, kind)) return 'created';
  if (kDeleting.test(action) && isOfThing(action, kDeleting, kind)) return 'deleted';
  return 'changed';
}

/** Parameters of one path as one text. */
function byPath(parameters: readonly Parameter[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { path, value } of parameters) {
    const before = values.get(path);
    values.set(path, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}

/**
 * A resource's life as it is read, oldest event first: each with the parameters that no successful request had
 * before. What comes with a later page goes on where the pages before it ended.
 */
export class Life {
  readonly events: LifeEvent[] = [];
  private readonly kind: string;
  /** Values that are not told, being the resource itself. */
  private readonly own: ReadonlySet<string>;
  private readonly known = new Map<string, string>();

  constructor(resource: string) {
    this.kind = kindOf(resource);
    this.own = new Set([resource, plainName(resource)]);
  }

  add(hit: Hit, parameters: readonly Parameter[]): void {
    const stage = stageOf(hit, this.kind);
    if (stage === 'created') this.known.clear();
    const changes: Change[] = [];
    for (const [path, after] of byPath(parameters)) {
      const before = this.known.get(path);
      if (after !== before && !this.own.has(after)) changes.push({ path, before, after });
      if (stage !== 'failed') this.known.set(path, after);
    }
    if (stage === 'deleted') this.known.clear();
    this.events.push({ hit, stage, changes });
  }
}
