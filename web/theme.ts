/** Applies the light or dark theme of the operating system and follows its changes. */
export function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset['bsTheme'] = dark.matches ? 'dark' : 'light';
    dispatchEvent(new Event('themechange'));
  };
  dark.addEventListener('change', apply);
  apply();
}

/** Returns a colour of the current theme, for drawing on a canvas. @example themeColour('--bs-body-color') */
export function themeColour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
