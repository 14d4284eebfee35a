import { defineConfig } from 'vitest/config';
import { kPatienceMs } from './e2e/watched_page';

/** Journeys through the page in a browser, over the real program: see e2e/program.ts. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.test.ts'],
    // Far more than they take, for a machine that is slow and busy.
    testTimeout: 480_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: kPatienceMs } },
    maxWorkers: 2,
    // What fails is told at its end; of what passes a dot is enough.
    reporters: ['dot'],
    minWorkers: 1,
  },
});
