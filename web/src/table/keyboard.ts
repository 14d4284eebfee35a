/** Where the keyboard is in the table; row -1 is that of the headings. */
export interface Cursor {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that are in sight at a time. */
  page: number;
}

const kSteps: Readonly<Record<string, (at: Cursor, extent: Extent) => Cursor>> = {
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  PageDown: ({ row, column }, { page }) => ({ row: row + page, column }),
  PageUp: ({ row, column }, { page }) => ({ row: Math.max(row - page, 0), column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, { columns }) => ({ row, column: columns - 1 }),
  j: ({ row, column }) => ({ row: row + 1, column }),
  k: ({ row, column }) => ({ row: Math.max(row - 1, 0), column }),
};

const kFarSteps: typeof kSteps = {
  Home: ({ column }) => ({ row: 0, column }),
  End: ({ column }, { rows }) => ({ row: rows - 1, column }),
};

/** Where a key leads; undefined for keys that lead nowhere. `far`: with Ctrl or Cmd. */
export function stepped(at: Cursor, key: string, far: boolean, extent: Extent): Cursor | undefined {
  const step = (far ? kFarSteps : kSteps)[key];
  return step && clamped(step(at, extent), extent);
}

export function clamped({ row, column }: Cursor, { rows, columns }: Extent): Cursor {
  return {
    row: Math.max(Math.min(row, rows - 1), -1),
    column: Math.max(Math.min(column, columns - 1), 0),
  };
}
