import { element, icon } from '../dom.js';

/** Button that opens the navigation where the window is too narrow for its links. */
export function navMenu(nav: HTMLElement) {
  const button = element(
    'button',
    { class: 'btn nav-menu', type: 'button', 'aria-controls': nav.id },
    icon('menu'),
    'Menu',
  );
  const toggle = (isOpen: boolean) => {
    nav.classList.toggle('is-open', isOpen);
    button.setAttribute('aria-expanded', String(isOpen));
  };
  toggle(false);
  button.addEventListener('click', () => toggle(!nav.classList.contains('is-open')));
  nav.addEventListener('click', () => toggle(false)); // also of the link to the current page
  nav.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    toggle(false);
    button.focus();
  });
  return { root: button, close: () => toggle(false) };
}
