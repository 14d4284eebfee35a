import { useLayoutEffect, useState } from 'preact/hooks';

/** The width of what is in sight of an element in pixels, as it changes; `first` until it is known. */
export function useWidth(element: { current: HTMLElement | null }, first: number): number {
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const seen = element.current;
    if (!seen) return;
    const measure = (): void => setWidth(seen.clientWidth || first);
    const observer = new ResizeObserver(measure);
    observer.observe(seen);
    measure();
    return () => observer.disconnect();
  }, []);
  return width;
}
