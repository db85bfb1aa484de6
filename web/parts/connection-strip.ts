import { API_BACK, API_LOST } from '../api/connection.js';
import { element, fill, icon } from '../dom.js';

/** Strip below the page header, visible while the API does not respond. */
export function connectionStrip(): HTMLElement {
  const strip = element('div', { class: 'connection-strip', role: 'status' });
  const text = 'Vidette is not responding. This page reconnects automatically.';
  addEventListener(API_LOST, () =>
    fill(strip, element('p', { class: 'container-xl' }, icon('warning'), text)),
  );
  addEventListener(API_BACK, () => fill(strip));
  return strip;
}
