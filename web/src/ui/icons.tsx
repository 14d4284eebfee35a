import type { VNode } from 'preact';

/** Line drawings of 16 by 16; they say nothing that the text of their button does not. */
const kPaths = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.7 3.7',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 2.8V8l2.2 1.6',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  close: 'm4 4 8 8m0-8-8 8',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  link: 'M6.8 9.2a2.5 2.5 0 0 0 3.6 0l2-2a2.5 2.5 0 0 0-3.6-3.6l-.9.9M9.2 6.8a2.5 2.5 0 0 0-3.6 0l-2 2a2.5 2.5 0 0 0 3.6 3.6l.9-.9',
  path: 'M6 3C4.2 3 5 5.2 4.6 6.8 4.4 7.6 3 8 3 8s1.4.4 1.6 1.2C5 10.8 4.2 13 6 13M10 3c1.8 0 1 2.2 1.4 3.8.2.8 1.6 1.2 1.6 1.2s-1.4.4-1.6 1.2C11 10.8 11.8 13 10 13',
  up: 'm3.5 10 4.5-4.5 4.5 4.5',
  wrap: 'M2.5 3.5h11M2.5 8h8.2a2.2 2.2 0 0 1 0 4.4H8m1.8-2L8 12.4l1.8 2M2.5 12.4h2.3',
  rows: 'M2.5 3h11v4h-11zM2.5 9.5h11v4h-11z',
  beside: 'M2.5 3h11v10h-11zM9 3v10',
  together: 'M2.5 4h3c3 0 2 4 5 4h3m-11 4h3c3 0 2-4 5-4M11.3 5.8 13.5 8l-2.2 2.2',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM8 1.2v1.6m0 10.4v1.6M1.2 8h1.6m10.4 0h1.6M3.2 3.2l1.1 1.1m7.4 7.4 1.1 1.1m0-9.6-1.1 1.1m-7.4 7.4-1.1 1.1',
  moon: 'M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.8 5.8 0 1 0 6.8 6.8Z',
  contrast: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 0v12M8 5h3.6M8 8h5M8 11h3.6',
  only: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  column: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  flip: 'M3 5h9m-2.5-2.5L12 5 9.5 7.5M13 11H4m2.5-2.5L4 11l2.5 2.5',
  exists: 'm3 8.5 3.2 3.2L13 4.5',
  star: 'm8 2.2 1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4-2.9-2.8 4-.6z',
  download: 'M8 2.5v7.5m-3-3 3 3 3-3M2.5 13.5h11',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6',
  zoom_out: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.7 3.7M5 7h4',
  off: 'M8 2.5v5M4.7 4.6a4.8 4.8 0 1 0 6.6 0',
  filter: 'M2.5 3.5h11L9.4 8.4v4.1l-2.8-1.3V8.4z',
} as const;

export type IconName = keyof typeof kPaths;

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={kPaths[name]} />
    </svg>
  );
}
