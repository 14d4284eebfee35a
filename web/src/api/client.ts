/** How the server is asked. Every answer is its own JSON, every failure its own words. */

/** Part of a text that an error is about, in bytes of UTF-8. */
export interface ByteRange {
  begin: number;
  end: number;
}

/** The server understood, and refused. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly parameter?: string,
    readonly at?: ByteRange,
  ) {
    super(message);
  }
}

/** No answer came. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
}

/** Whether a request failed because nobody waits for it any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** What an error says. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface ErrorBody {
  error?: { code?: string; message?: string; parameter?: string; at?: ByteRange };
}

async function apiError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const {
    code = 'internal',
    message = `the server answered ${response.status}`,
    parameter,
    at,
  } = body.error ?? {};
  return new ApiError(message, response.status, code, parameter, at);
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new OfflineError('the server does not answer');
  }
  if (!response.ok) throw await apiError(response);
  return response;
}

/** Members without a value are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

export function pathWith(path: string, parameters: Parameters = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export async function getJson<Answer>(
  path: string,
  parameters?: Parameters,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  return (await request(pathWith(path, parameters), { signal })).json() as Promise<Answer>;
}

export async function getText(path: string, signal: AbortSignal | null = null): Promise<string> {
  return (await request(path, { signal })).text();
}

export function postJson<Answer>(
  path: string,
  body: unknown,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  return sendJson('POST', path, body, {}, signal);
}

export function putJson<Answer>(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return sendJson('PUT', path, body, headers);
}

async function sendJson<Answer>(
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const init = { method, body: JSON.stringify(body), signal };
  const response = await request(path, {
    ...init,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  return response.json() as Promise<Answer>;
}

export async function deleteJson<Answer>(path: string): Promise<Answer> {
  return (await request(path, { method: 'DELETE' })).json() as Promise<Answer>;
}

/** Posts parameters, with the token of those who may, where one is set. */
export async function postForm<Answer>(path: string, parameters: Parameters, token = ''): Promise<Answer> {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await request(pathWith(path, parameters), { method: 'POST', headers });
  return response.json() as Promise<Answer>;
}

/**
 * One place for a kind of request of which only the newest counts: a new one aborts the one before, which
 * the server then stops working on. A superseded request ends with an error that `isAbort`.
 */
export class LatestOnly {
  private controller: AbortController | undefined;

  next(): AbortSignal {
    this.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  abort(): void {
    this.controller?.abort();
  }
}
