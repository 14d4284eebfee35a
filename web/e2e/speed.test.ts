import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Program } from './program';
import { measure, type Figures } from './speed';
import { openBrowser } from './watched_page';

/** ./dev bench --page sets these, and times are what it is for; here only that all is measured. */
const kEvents = Number(process.env['TRAILSIFT_PAGE_EVENTS'] ?? 3000);
const kFile = process.env['TRAILSIFT_PAGE_FIGURES'];
const kEffort = kFile ? { loads: 7, clicks: 25, rows: 100_000 } : { loads: 1, clicks: 2, rows: 1500 };

it('measures how fast the page is', { timeout: 1_200_000 }, async () => {
  const [program, browser] = await Promise.all([Program.overGenerated(kEvents), openBrowser()]);
  try {
    const figures: Figures = await measure(browser, program.url, kEffort);
    expect(figures.events).toBe(kEvents);
    for (const value of Object.values(figures)) expect(value).toBeGreaterThan(0);
    expect(figures.rows_scrolled).toBeGreaterThanOrEqual(kEffort.rows);
    expect(figures.rows_drawn).toBeLessThan(300);
    expect(figures.script_bytes).toBeLessThan(60_000);
    if (kFile) writeFileSync(kFile, JSON.stringify(figures));
  } finally {
    await browser.close();
    await program.stop();
  }
});
