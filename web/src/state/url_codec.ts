import { isZone, kUtc } from '../time/zone';
import { kViews, type Ask, type View } from './ask_shape';

export const kDefaultColumns = [
  'event_time',
  'actor',
  'event_name',
  'event_source',
  'resources_arn',
  'aws_region',
  'source_ip_address',
  'error_code',
];

export const kDefaultSort = 'event_time desc';
export const kDefaultSplit = 'event_outcome';

/** The lists of a URL stand between commas; a comma or backslash of an entry has a backslash before it. */
function joinList(entries: readonly string[]): string {
  return entries.map(entry => entry.replace(/[\\,]/g, '\\$&')).join(',');
}

function splitList(text: string): string[] {
  const entries = text.match(/(?:\\[^]|[^\\,])+/g) ?? [];
  return entries.map(entry => entry.replace(/\\([^])/g, '$1'));
}

const sameList = (a: readonly string[], b: readonly string[]): boolean => joinList(a) === joinList(b);

/** Readable where the standard allows: browsers take these as they are. */
function escaped(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/%(3A|2C|2F|40|24|3B|3F)/g, hex => decodeURIComponent(hex));
}

/** Views that are of one thing, which a link names instead of the view. */
function isSubject(view: View): view is 'session' | 'resource' {
  return view === 'session' || view === 'resource';
}

/** `?q=…&from=…`, or nothing when all is as it is at first. */
export function encodeAsk(ask: Ask): string {
  const members: [string, string][] = [];
  const add = (key: string, value: string, absent = ''): void => {
    if (value !== absent) members.push([key, value]);
  };
  if (!isSubject(ask.view) || ask[ask.view] === '') add('view', ask.view, 'search');
  add('q', ask.q);
  add('syntax', ask.syntax, 'kql');
  for (const clause of ask.off) add('off', clause);
  add('from', ask.from);
  add('to', ask.to);
  add('tz', ask.zone, kUtc);
  if (!sameList(ask.columns, kDefaultColumns)) members.push(['cols', joinList(ask.columns)]);
  add('sort', ask.sort, kDefaultSort);
  add('split', ask.split, kDefaultSplit);
  add('event', ask.event);
  if (isSubject(ask.view)) add(ask.view, ask[ask.view]);
  return members.length === 0
    ? ''
    : `?${members.map(([key, value]) => `${key}=${escaped(value)}`).join('&')}`;
}

/** What a link asks for. Whatever it holds, the result can be shown; what is not understood is left out. */
export function decodeAsk(search: string): Ask {
  const members = new URLSearchParams(search);
  const text = (key: string, absent = ''): string => members.get(key) ?? absent;
  const columns = splitList(text('cols'));
  const zone = text('tz', kUtc);
  const subject = (['session', 'resource'] as const).find(view => text(view) !== '');
  const view = subject ?? (text('view') as View);
  return {
    q: text('q'),
    syntax: text('syntax') === 'structured' ? 'structured' : 'kql',
    off: members.getAll('off'),
    from: text('from'),
    to: text('to'),
    zone: isZone(zone) ? zone : kUtc,
    columns: columns.length > 0 ? [...new Set(columns)] : kDefaultColumns,
    sort: text('sort', kDefaultSort),
    split: text('split', kDefaultSplit),
    view: kViews.includes(view) ? view : 'search',
    event: text('event'),
    session: subject === 'session' ? text('session') : '',
    resource: subject === 'resource' ? text('resource') : '',
  };
}
