import { KEY_NEEDED, keepKey, messageOf, RequestError } from '../api/request.js';
import { element, fill } from '../dom.js';

const UNAUTHORIZED = 401;

/** Asks for an API key when the API wants one; it is kept in a cookie that no script can read. */
export function askForKeys(): void {
  const key = element('input', {
    ...{ type: 'password', class: 'form-control', required: true, autocomplete: 'off' },
    ...{ id: 'api-key', 'aria-describedby': 'api-key-hint api-key-trouble' },
  });
  const trouble = element('p', { class: 'text-danger-emphasis', role: 'alert' });
  trouble.id = 'api-key-trouble';
  const button = element('button', { class: 'btn btn-primary' }, 'Go on');
  const form = element(
    'form',
    {},
    element('h2', { id: 'api-key-title' }, 'An API key is needed'),
    element('p', { class: 'text-body-secondary', id: 'api-key-hint' }, ...hint()),
    element('label', { class: 'form-label', for: 'api-key' }, 'Key'),
    key,
    trouble,
    element('div', { class: 'dialog-buttons' }, button),
  );
  const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'api-key-title' }, form);
  const send = async () => {
    button.disabled = true;
    try {
      await keepKey(key.value.trim());
      location.reload();
    } catch (error) {
      fill(trouble, wordsOf(error));
      key.select();
    } finally {
      button.disabled = false;
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

const hint = () => [
  'It is what ',
  element('code', {}, 'vidette keys create'),
  ' printed, and is kept in this browser for 12 hours.',
];

const wordsOf = (error: unknown) =>
  error instanceof RequestError && error.problem?.status === UNAUTHORIZED
    ? 'This key is not known, or was revoked. Check that all of it was copied.'
    : messageOf(error);
