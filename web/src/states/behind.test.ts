import { expect, it } from 'vitest';
import type { Sources, Status } from '../api/types';
import { reasonsBehind } from './behind';

const kSources: Sources = {
  push: [],
  received: 0,
  refused: 0,
  done: 0,
  failed: 0,
  in_hand: 0,
  bytes: 0,
  notices: {},
  queues: [],
};

const kStates = { received: 0, indexed: 3, skipped: 0, failed: 0, quarantined: 0 };

function statusWith(sources: Partial<Sources> | undefined, more: Partial<Status> = {}): Status {
  return {
    version: '1',
    events: 1,
    generation: 1,
    segments: 1,
    uptime_seconds: 1,
    bytes: { terms: 0, columns: 0, records: 1, total: 1 },
    deliveries: { states: kStates },
    quarantine: { entries: 0 },
    ...(sources && { sources: { ...kSources, ...sources } }),
    ...more,
  };
}

it.each([
  ['nothing is taken in', statusWith(undefined), []],
  ['all is well', statusWith({ event_lag_ms: 600_000, delivery_lag_ms: 200 }), []],
  ['late events', statusWith({ event_lag_ms: 7_200_000 }), ['events came 2 h after they happened']],
  ['late work', statusWith({ delivery_lag_ms: 600_000 }), ['deliveries waited 10 min']],
  [
    'a queue that cannot be read',
    statusWith({
      queues: [
        {
          queue: 'q',
          received: 0,
          deleted: 0,
          failed: 0,
          in_flight: 0,
          error: { code: 'denied', message: 'no' },
        },
      ],
    }),
    ["calls to the queue 'q' fail"],
  ],
  [
    'failed deliveries',
    statusWith(undefined, { deliveries: { states: { ...kStates, failed: 2 } } }),
    ['2 deliveries failed'],
  ],
  [
    'a ledger that cannot be read',
    statusWith(undefined, { deliveries: { problem: 'no ledger' } }),
    ['no ledger'],
  ],
])('%s', (_, status, expected) => expect(reasonsBehind(status)).toEqual(expected));
