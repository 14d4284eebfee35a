/** The columns of the table: their order, and how wide each is. */

export function movedColumn(columns: readonly string[], from: number, to: number): string[] {
  const next = [...columns];
  const [name] = next.splice(from, 1);
  if (name === undefined) return next;
  next.splice(Math.min(Math.max(to, 0), next.length), 0, name);
  return next;
}

export function withColumn(columns: readonly string[], name: string): string[] {
  return columns.includes(name) ? [...columns] : [...columns, name];
}

/** The last column stays: a table without any shows nothing to click. */
export function withoutColumn(columns: readonly string[], name: string): string[] {
  return columns.length === 1 ? [...columns] : columns.filter(one => one !== name);
}

export const kMinWidth = 48;
export const kMaxWidth = 2000;

const kWidths = new Map(
  Object.entries({
    event_time: 184,
    actor: 190,
    event_name: 170,
    event_source: 100,
    resources_arn: 142,
    aws_region: 104,
    source_ip_address: 122,
    error_code: 150,
  }),
);
const kOtherWidth = 160;

export type Widths = Readonly<Record<string, number>>;

/**
 * The width of each column in pixels. What is left of `available` goes to those whose width nobody chose, by
 * their size; when all were chosen, to the last.
 */
export function laidOut(columns: readonly string[], chosen: Widths, available: number): number[] {
  const isFree = (name: string): boolean => !Object.hasOwn(chosen, name);
  const first = columns.map(name =>
    isFree(name) ? (kWidths.get(name) ?? kOtherWidth) : (chosen[name] as number),
  );
  const left = available - first.reduce((sum, width) => sum + width, 0);
  if (left <= 0) return first;
  const free = columns.reduce((sum, name, at) => sum + (isFree(name) ? (first[at] as number) : 0), 0);
  return first.map((width, at) => {
    if (free > 0) return isFree(columns[at] as string) ? Math.floor(width + (left * width) / free) : width;
    return at === columns.length - 1 ? width + left : width;
  });
}

/** The widths that are chosen when one column is made `width` wide and the others stay as they are. */
export function resized(
  columns: readonly string[],
  shown: readonly number[],
  chosen: Widths,
  name: string,
  width: number,
): Record<string, number> {
  const next: Record<string, number> = { ...chosen };
  columns.forEach((column, at) => (next[column] = shown[at] as number));
  next[name] = Math.round(Math.min(Math.max(width, kMinWidth), kMaxWidth));
  return next;
}
