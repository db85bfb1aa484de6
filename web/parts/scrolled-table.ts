import { type Child, element } from '../dom.js';

/** Table that scrolls sideways where it is too wide; the first cell of a row is its header. */
export function scrolledTable(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const titles = head.map((title) =>
    element(title === '' ? 'td' : 'th', title === '' ? {} : { scope: 'col' }, title),
  );
  return element(
    'div',
    { class: 'table-responsive', tabindex: 0, role: 'region', 'aria-label': label },
    element(
      'table',
      { class: 'table table-sm figures' },
      element('thead', {}, element('tr', {}, ...titles)),
      element('tbody', {}, ...rows.map(drawRow)),
    ),
  );
}

function drawRow([name, ...cells]: readonly Child[]): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    ...cells.map((cell) => element('td', {}, cell)),
  );
}
