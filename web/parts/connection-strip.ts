import { API_BACK, API_LOST } from '../api/connection.js';
import { element, fill, icon } from '../dom.js';

/** Says below the head of the page that the API does not answer, for as long as that is so. */
export function connectionStrip(): HTMLElement {
  const strip = element('div', { class: 'connection-strip', role: 'status' });
  const text = 'Vidette does not answer. This page goes on by itself when it does.';
  addEventListener(API_LOST, () =>
    fill(strip, element('p', { class: 'container-xl' }, icon('warning'), text)),
  );
  addEventListener(API_BACK, () => fill(strip));
  return strip;
}
