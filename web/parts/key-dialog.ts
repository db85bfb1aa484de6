import { KEY_NEEDED, keepKey, messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';

/** Asks for an API key when the API wants one; it is kept in a cookie that no script can read. */
export function askForKeys(): void {
  const key = element('input', {
    ...{ type: 'password', class: 'form-control', required: true, autocomplete: 'off' },
    id: 'api-key',
  });
  const trouble = element('p', { class: 'text-danger-emphasis', role: 'alert' });
  const form = element(
    'form',
    {},
    element('h2', {}, 'An API key is needed'),
    element('label', { class: 'form-label', for: 'api-key' }, 'Key, as "vidette keys create" told'),
    key,
    trouble,
    element('button', { class: 'btn btn-primary' }, 'Go on'),
  );
  const dialog = element('dialog', { class: 'key-dialog', 'aria-label': 'API key' }, form);
  const send = async () => {
    try {
      await keepKey(key.value.trim());
      location.reload();
    } catch (error) {
      fill(trouble, messageOf(error));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  document.body.append(dialog);
  addEventListener(KEY_NEEDED, () => {
    if (!dialog.open) dialog.showModal();
  });
}
