import { element } from '../dom.js';

interface Tab {
  readonly title: string;
  readonly content: HTMLElement;
}

/** Tabs that show one of several contents; the arrow keys move between them. */
export function tabs(label: string, contents: readonly Tab[]): HTMLElement {
  const all = contents.map(({ title, content }, i) => {
    const [id, panelId] = [`tab-${i}`, `panel-${i}`];
    const attributes = { role: 'tab', type: 'button', id, 'aria-controls': panelId };
    const button = element('button', { class: 'tab', ...attributes }, title);
    const panel = element('div', { role: 'tabpanel', id: panelId, 'aria-labelledby': id }, content);
    return { button, panel };
  });
  const select = (index: number) => {
    for (const [i, { button, panel }] of all.entries()) {
      button.setAttribute('aria-selected', String(i === index));
      button.tabIndex = i === index ? 0 : -1;
      panel.hidden = i !== index;
    }
  };
  for (const [i, { button }] of all.entries()) {
    button.addEventListener('click', () => select(i));
    button.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
      const next = (i + (key === 'ArrowRight' ? 1 : all.length - 1)) % all.length;
      select(next);
      all[next]?.button.focus();
    });
  }
  select(0);
  return element(
    'section',
    { class: 'card card-body' },
    element(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': label },
      ...all.map(({ button }) => button),
    ),
    ...all.map(({ panel }) => panel),
  );
}
