import type { ElementHandle, Locator, Page } from 'playwright-core';

/** How somebody works with the page. Every journey is made by each. */
export interface Hand {
  /** Presses what is there: a button, a link, a row. */
  press(target: Locator): Promise<void>;
  /** Writes `text` in place of what a field holds. */
  write(field: Locator, text: string): Promise<void>;
  /** Takes an entry of a list that the field in focus has opened. */
  choose(entry: Locator): Promise<void>;
  /** Marks what lies between two parts of the chart's width, and looks closer. */
  mark(chart: Locator, from: number, to: number): Promise<void>;
  /** Puts what stands right below `above` in its place. */
  lift(below: Locator, above: Locator): Promise<void>;
}

export type HandOf = (page: Page) => Hand;

export const kHands: readonly [string, HandOf][] = [
  ['by mouse', page => new Mouse(page)],
  ['by keyboard alone', page => new Keyboard(page)],
];

async function writeAtFocus(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+A');
  if (text === '') await page.keyboard.press('Delete');
  else await page.keyboard.insertText(text);
}

class Mouse implements Hand {
  constructor(private readonly page: Page) {}

  async press(target: Locator): Promise<void> {
    await target.hover();
    await target.click();
  }

  async write(field: Locator, text: string): Promise<void> {
    await field.click();
    await writeAtFocus(this.page, text);
  }

  async choose(entry: Locator): Promise<void> {
    await entry.click();
  }

  async mark(chart: Locator, from: number, to: number): Promise<void> {
    await markByMouse(this.page, chart, from, to);
  }

  async lift(below: Locator, above: Locator): Promise<void> {
    await below.dragTo(above);
  }
}

async function markByMouse(page: Page, chart: Locator, from: number, to: number): Promise<void> {
  const box = await chart.boundingBox();
  if (!box) throw new Error('expected the chart to be in sight');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 1 + (box.width - 2) * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 1 + (box.width - 2) * to, y, { steps: 4 });
  await page.mouse.up();
}

/** Parts of the page that a single key leads to. */
const kRegions: readonly [selector: string, key: string][] = [
  ['.search-bar', '/'],
  ['.facets', 'f'],
  ['.histogram', 'h'],
  ['#events', 'j'],
];

const kMostSteps = 250;

class Keyboard implements Hand {
  constructor(private readonly page: Page) {}

  async press(target: Locator): Promise<void> {
    await this.goTo(target);
    const isBox = await target.evaluate(node => node.matches('input[type=checkbox]'));
    await this.page.keyboard.press(isBox ? 'Space' : 'Enter');
  }

  async write(field: Locator, text: string): Promise<void> {
    await this.goTo(field);
    await writeAtFocus(this.page, text);
  }

  async choose(entry: Locator): Promise<void> {
    await entry.waitFor();
    for (let step = 0; step < kMostSteps; step++) {
      if ((await entry.getAttribute('aria-selected')) === 'true') return this.page.keyboard.press('Enter');
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`no key chooses ${entry}`);
  }

  async mark(chart: Locator, from: number, to: number): Promise<void> {
    await this.goTo(chart);
    const last = Number(await chart.getAttribute('aria-valuemax'));
    const goTo = async (place: number, shift: string): Promise<void> => {
      for (;;) {
        const at = Number(await chart.getAttribute('aria-valuenow'));
        if (at === place) return;
        await this.page.keyboard.press(`${shift}Arrow${at < place ? 'Right' : 'Left'}`);
      }
    };
    await this.page.keyboard.press('Home');
    await goTo(Math.round(last * from), '');
    await goTo(Math.round(last * to), 'Shift+');
    await this.page.keyboard.press('Enter');
  }

  async lift(below: Locator): Promise<void> {
    await this.goTo(below);
    await this.page.keyboard.press('Control+ArrowUp');
  }

  /** Tabs until `target` has the focus, from the part of the page that it stands in. */
  private async goTo(target: Locator): Promise<void> {
    let element = await elementOf(target);
    await this.enterRegion(element);
    const grid = await element.evaluate(node => node.closest('.event-row, .heading-row') !== null);
    for (let step = 0; step < kMostSteps; step++) {
      const way = await element.evaluate(wayTo);
      if (way === 'there') return;
      if (way === 'gone') {
        element = await elementOf(target);
        continue;
      }
      await this.page.keyboard.press(grid ? kRowKeys[way] : kTabs[way]);
    }
    throw new Error(`no key leads to ${target}`);
  }

  private async enterRegion(element: ElementHandle<HTMLElement>): Promise<void> {
    for (const [selector, key] of kRegions) {
      const isOutside = await element.evaluate((node, within) => {
        const region = node.closest(within);
        return region !== null && !region.contains(document.activeElement) && !node.closest('dialog');
      }, selector);
      if (!isOutside) continue;
      // What is being written takes single keys for itself.
      await this.leaveField();
      await this.page.keyboard.press(key);
    }
  }

  private async leaveField(): Promise<void> {
    const isWriting = (): Promise<boolean> =>
      this.page.evaluate(() => {
        const active = document.activeElement as HTMLElement | null;
        return (
          active?.matches('input:not([type=checkbox]), textarea, select, [contenteditable=true]') ?? false
        );
      });
    for (let step = 0; step < 20 && (await isWriting()); step++) await this.page.keyboard.press('Tab');
  }
}

async function elementOf(target: Locator): Promise<ElementHandle<HTMLElement>> {
  await target.waitFor({ state: 'attached' });
  return (await target.elementHandle()) as ElementHandle<HTMLElement>;
}

type Way = 'there' | 'gone' | keyof typeof kTabs;
const kTabs = {
  forward: 'Tab',
  back: 'Shift+Tab',
  right: 'ArrowRight',
  left: 'ArrowLeft',
  down: 'ArrowDown',
  up: 'ArrowUp',
} as const;
const kRowKeys = { ...kTabs, forward: 'ArrowDown', back: 'ArrowUp' } as const;

/** In the page: whether the focus is at `node` or in its row, or stands before or behind it; or that the page has another in its place. */
function wayTo(node: HTMLElement): Way {
  if (!node.isConnected) return 'gone';
  const active = document.activeElement;
  const row = node.closest('.event-row, .heading-row');
  if (!active || active === document.body) return 'forward';
  if (active === node || (row && active.closest('.event-row, .heading-row') === row)) return 'there';
  const isAhead = (node.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
  // Within a map arrows lead from row to row, and along one.
  if (!node.closest('.coverage')?.contains(active)) return isAhead ? 'forward' : 'back';
  if (node.closest('tr') === active.closest('tr')) return isAhead ? 'right' : 'left';
  return isAhead ? 'down' : 'up';
}
