const kMillisecondsOf: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The moment that `now` and `now-24h` stand for at `now`; other times are what they are. */
export function fixedTime(bound: string, now: number): string {
  const relative = /^now(?:([+-])(\d+)([smhdw]))?$/.exec(bound);
  if (!relative) return bound;
  const [, sign, count, unit] = relative;
  const distance = Number(count ?? 0) * (kMillisecondsOf[unit ?? 's'] ?? 0);
  return new Date(now + (sign === '-' ? -distance : distance)).toISOString();
}
