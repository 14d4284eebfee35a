/** As a `ref`: gives an element the focus when it appears. Being one function, it does so once and not with each drawing. */
export function focusAtFirst(element: HTMLElement | null): void {
  element?.focus();
}
