/** Child of an element; null, undefined and false are skipped. */
export type Child = Node | string | number | null | undefined | false;

type Listener = (event: Event) => void;

/** Attributes by name. Names that begin with `on` are listeners; `true` sets an empty attribute. */
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined | Listener>>;

/**
 * Creates an element. Strings become text nodes, never markup, so untrusted names are safe.
 * @example element('button', { class: 'btn', onclick: stop }, 'Stop')
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(created, key, value);
  fill(created, ...children);
  return created;
}

function setAttribute(target: Element, key: string, value: Attributes[string]): void {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === 'function') target.addEventListener(key.slice('on'.length), value);
  else target.setAttribute(key, value === true ? '' : String(value));
}

/** Replaces the children of an element. */
export function fill(target: Element, ...children: readonly Child[]): void {
  const nodes = children.filter(
    (child) => child !== null && child !== undefined && child !== false,
  );
  target.replaceChildren(...nodes.map((node) => (node instanceof Node ? node : String(node))));
}

const SVG = 'http://www.w3.org/2000/svg';

/** Path data of the icons in a 24 x 24 view box. */
const ICONS = {
  upload: 'M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9h4M4 15h4M16 9h4M16 15h4',
  stack: 'M4 9h12v11H4zM8 9V4h12v11h-4M4 14.5h12',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  camera: 'M4 7h11v10H4zM15 11l5-3v8l-5-3',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  add: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 4 4',
  warning: 'M12 4 3 19h18zM12 10v4m0 2.5v.01',
  download: 'M12 4v12m0 0 5-5m-5 5-5-5M4 20h16',
  menu: 'M4 7h16M4 12h16M4 17h16',
  down: 'M5 9l7 7 7-7',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  play: 'M8 5v14l11-7z',
  pause: 'M9 5v14M15 5v14',
  sound: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM16 10l4 4m0-4-4 4',
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  external: 'M14 4h6v6m0-6-9 9M10 6H5a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-5',
} as const;

export type IconName = keyof typeof ICONS;

/** Decorative icon, hidden from screen readers: put it beside a text. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true' })) {
    svg.setAttribute(key, value);
  }
  svg.classList.add('icon');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
