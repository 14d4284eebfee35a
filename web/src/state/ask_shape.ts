/** All that a link holds: what is asked, and how the answer is shown. */
export interface Ask {
  /** The query, in `syntax`: the one place where conditions stand. */
  q: string;
  syntax: Syntax;
  /** Clauses that were switched off, which stay in sight. */
  off: string[];
  /** As the server understands times; empty: without a bound. */
  from: string;
  to: string;
  zone: string;
  columns: string[];
  sort: string;
  split: string;
  view: View;
  /** The id of the event that is open; empty: none. */
  event: string;
  /** What the view `session` is of: an event's id, an access key, a session's id or ARN. */
  session: string;
  /** What the view `resource` is of: an ARN or a name. */
  resource: string;
}

export type Syntax = 'kql' | 'structured';
export const kViews = ['search', 'session', 'resource', 'saved', 'ingest', 'integrity', 'about'] as const;
export type View = (typeof kViews)[number];
