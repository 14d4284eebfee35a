/** The shapes of requests and answers, as docs/api.md and /api/openapi.json have them. */

export interface Filter {
  field?: string;
  include?: string[];
  exclude?: string[];
  exists?: boolean;
  missing?: boolean;
  query?: string;
  syntax?: string;
  not?: boolean;
}

/** Which events. */
export interface Which {
  q?: string;
  syntax?: string;
  from?: string;
  to?: string;
  filters?: Filter[];
  timeout?: string;
}

export interface FacetRequest {
  field: string;
  size?: number;
  sort?: 'count' | 'value' | 'rare';
  search?: string;
  own_filter?: boolean;
}

export interface HistogramRequest {
  interval?: string;
  buckets?: number;
  split?: string;
  values?: number;
}

export interface SearchRequest extends Which {
  sort?: string[];
  columns?: string[];
  facets?: FacetRequest[];
  histogram?: HistogramRequest;
  size?: number;
  cursor?: string;
  /** Whether what was searched when the time is over is answer enough. */
  partial?: boolean;
}

export type FieldValue = string | string[];

export interface Hit {
  id: string;
  time: string;
  fields: Readonly<Record<string, FieldValue>>;
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface Facet {
  field: string;
  values: FacetValue[];
  distinct: number;
  missing: number;
}

export interface Bucket {
  time: string;
  count: number;
}

export interface Split {
  field: string;
  series: { value: string; counts: number[] }[];
  others: number[];
  missing: number[];
}

export interface Histogram {
  interval_ms: number;
  buckets: Bucket[];
  split?: Split;
}

/** How much of the store was searched. */
export interface Coverage {
  searched_events: number;
  events: number;
}

export interface SearchAnswer {
  total: number;
  /** There when the time was over before all was searched; everything is told of that part. */
  partial?: Coverage;
  hits: Hit[];
  facets?: Facet[];
  histogram?: Histogram;
  cursor?: string;
  took_ms: number;
}

export type FieldType = 'keyword' | 'text' | 'ip' | 'time' | 'bool' | 'integer';

export interface Field {
  name: string;
  path?: string;
  aliases: string[];
  type: FieldType;
  column: boolean;
  multi: boolean;
  origin: 'record' | 'derived' | 'delivery' | 'subtree' | 'joined';
  help: string;
}

/** What became of records that were read. */
export interface Accounting {
  attempts: number;
  read: number;
  indexed: number;
  duplicates: number;
  filtered: number;
  rejected: number;
  bytes: number;
}

export const kDeliveryStates = ['received', 'indexed', 'skipped', 'failed', 'quarantined'] as const;
export type DeliveryState = (typeof kDeliveryStates)[number];

export interface SourceError {
  code: string;
  message: string;
  at?: string;
}

export interface Queue {
  queue: string;
  received: number;
  deleted: number;
  failed: number;
  in_flight: number;
  last_polled_at?: string;
  last_received_at?: string;
  error?: SourceError | string;
}

/** Where events come from while the server runs, counted since its start. */
export interface Sources {
  push: string[];
  received: number;
  refused: number;
  done: number;
  failed: number;
  in_hand: number;
  bytes: number;
  notices: Readonly<Record<string, number>>;
  event_lag_ms?: number;
  delivery_lag_ms?: number;
  last_error?: SourceError;
  queues: Queue[];
}

export interface Status {
  version: string;
  events: number;
  oldest?: string;
  newest?: string;
  generation: number;
  segments: number;
  uptime_seconds: number;
  bytes: { terms: number; columns: number; records: number; total: number };
  deliveries: { states?: Readonly<Record<DeliveryState, number>>; totals?: Accounting; problem?: string };
  quarantine: { entries?: number; problem?: string };
  sources?: Sources;
}

export interface ExplainedClause {
  kind: 'condition' | 'and' | 'or' | 'not';
  member: string;
  /** In bytes of `member`. */
  at: { begin: number; end: number };
  text: string;
  hits?: number;
  without?: number;
  clauses?: ExplainedClause[];
}

export interface Explanation {
  total: number;
  meaning: string;
  time?: { from?: string; to?: string; without: number };
  clauses: ExplainedClause[];
}

/** The same query in other languages, or why one of them cannot say it. */
export type Translations = Readonly<Record<string, { text?: string; error?: string }>>;

/** Calls of one name. */
export interface CallCount {
  event_source: string;
  event_name: string;
  events: number;
}

/** An IAM policy that allows the calls among the hits of a query. */
export interface PolicyAnswer {
  policy: { Version: string; Statement: unknown[] };
  /** Refused for want of a permission; not in the policy. */
  denied: CallCount[];
  /** Those that need no permission, or have a name that no action can have. */
  left_out: CallCount[];
  calls: number;
  other_events: number;
  took_ms: number;
}

export interface StatsRequest extends Which {
  /** Up to three columns. */
  by?: string[];
  interval?: string;
  size?: number;
}

/** Hits that have the same values. A column that they have no value of is absent. */
export interface StatsGroup {
  by: Readonly<Record<string, string>>;
  time?: string;
  count: number;
}

export interface StatsAnswer {
  total: number;
  /** Of all groups, listed or not. */
  group_count: number;
  groups: StatsGroup[];
}

/** What may be known of a file, the worst first. */
export const kIntegrities = ['tampered', 'missing', 'unverified', 'verified'] as const;
export type Integrity = (typeof kIntegrities)[number];

export interface CheckedFile {
  log_file: string;
  integrity: Integrity;
}

export interface IntegrityFilter {
  state?: Integrity;
  limit?: number;
  cursor?: string;
}

/** What was last found of the files. */
export interface IntegrityAnswer {
  /** Absent: nothing was verified yet. */
  verified_at?: string;
  files: Readonly<Record<Integrity, number>>;
  list: CheckedFile[];
  cursor?: string;
}

export interface Limit {
  name: string;
  value: number;
  unit?: string;
  help: string;
}

/** What this server is. */
export interface About {
  version: string;
  compiler: string;
  vector_instructions: string;
  cores: number;
  bulk_writer: boolean;
  takes_events: boolean;
  limits: Limit[];
}

export interface ExportRequest extends Which {
  format: 'ndjson' | 'csv';
  columns?: string[];
}

export interface DeliveryFilter {
  state?: string;
  object?: string;
  cursor?: string;
  limit?: number;
}

export interface Delivery extends Accounting {
  received: string;
  finished?: string;
  source: string;
  object: string;
  etag?: string;
  state: DeliveryState;
  newest_event?: string;
  error?: string;
}

export interface Deliveries {
  total: number;
  deliveries: Delivery[];
  totals: Accounting;
  cursor?: string;
}

export interface QuarantineEntry {
  id: string;
  seen: string;
  reason: string;
  source: string;
  offset?: number;
  size?: number;
  kind: 'stretch' | 'file' | 'message';
  has_bytes: boolean;
  detail?: string;
  excerpt?: string;
}

export interface Quarantine {
  total: number;
  entries: QuarantineEntry[];
  cursor?: string;
}

export interface Replayed {
  entries: number;
  replayed: number;
  kept: number;
  indexed: number;
  duplicates: number;
  stays: { id: string; why: string }[];
}

export interface SavedSearch {
  name: string;
  /** The query part of the page's URL. */
  state: string;
  created: string;
  updated: string;
  etag: string;
}

export interface Link {
  id: string;
  state: string;
  created: string;
}

/** Who acted: a session, or what is none. What is not known is absent. */
export interface Identity {
  type?: string;
  actor?: string;
  actor_type?: string;
  principal_id?: string;
  arn?: string;
  account_id?: string;
  access_key_id?: string;
  issuer_arn?: string;
  source_identity?: string;
  invoked_by?: string;
  created?: string;
}

/** Credentials that a call gave out. */
export interface Issued {
  event_id: string;
  event_name: string;
  time: string;
  expires: string;
  access_key_id?: string;
  session_id?: string;
  role_arn?: string;
  session_name?: string;
}

export interface Opening extends Issued {
  recipient_account_id?: string;
  by: Identity;
}

export interface ChainLink extends Identity {
  session: boolean;
  /** How the next identity of the chain is known to have opened it; absent for the last. */
  evidence?: 'access_key' | 'session_id' | 'sign_in' | 'session_name';
  confidence?: 'certain' | 'likely' | 'weak';
  ambiguous?: boolean;
  opened_by?: Opening[];
}

export interface Session {
  chain: ChainLink[];
  end: 'origin' | 'other_account' | 'no_record' | 'ambiguous' | 'loop' | 'depth';
  others?: string[];
  total: number;
  errors: number;
  denied: number;
  first?: string;
  last?: string;
  gap_ms?: number;
  facets: Facet[];
  children: Issued[];
  child_count: number;
  hits: Hit[];
  cursor?: string;
  took_ms: number;
}
