const kWhole = new Intl.NumberFormat('en-US');

/** `1,234,567` */
export function countText(count: number): string {
  return kWhole.format(count);
}

/** `12.3 %` of the whole; at least `<0.1 %` where there is any. */
export function shareText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '<0.1 %';
  return `${percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}
