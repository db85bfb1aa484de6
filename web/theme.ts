/** Dark or light as the person's system is, now and when it changes. */
export function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset['bsTheme'] = dark.matches ? 'dark' : 'light';
    dispatchEvent(new Event('themechange'));
  };
  dark.addEventListener('change', apply);
  apply();
}

/** A colour of the current theme, for what is drawn on a canvas. @example themeColour('--bs-body-color') */
export function themeColour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
