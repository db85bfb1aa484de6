import { KEY_NEEDED, saveKey, messageOf, RequestError } from '../api/request.js';
import { element, fill } from '../dom.js';

const UNAUTHORIZED = 401;

/** Creates a dialog that asks for an API key whenever the API requires one. */
export function createKeyDialog(): void {
  const key = element('input', {
    ...{ type: 'password', class: 'form-control', required: true, autocomplete: 'off' },
    ...{ id: 'api-key', 'aria-describedby': 'api-key-hint api-key-error' },
  });
  const errorText = element('p', { class: 'text-danger-emphasis', role: 'alert' });
  errorText.id = 'api-key-error';
  const button = element('button', { class: 'btn btn-primary' }, 'Continue');
  const form = element(
    'form',
    {},
    element('h2', { id: 'api-key-title' }, 'API key required'),
    element('p', { class: 'text-body-secondary', id: 'api-key-hint' }, ...hint()),
    element('label', { class: 'form-label', for: 'api-key' }, 'Key'),
    key,
    errorText,
    element('div', { class: 'dialog-buttons' }, button),
  );
  const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'api-key-title' }, form);
  const send = async () => {
    button.disabled = true;
    try {
      await saveKey(key.value.trim());
      location.reload();
    } catch (error) {
      fill(errorText, describeKeyError(error));
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
  'Enter the key that ',
  element('code', {}, 'vidette keys create'),
  ' printed, or, if this process serves images only, that it printed when it first started. ',
  'It is stored in this browser for 12 hours.',
];

const describeKeyError = (error: unknown) =>
  error instanceof RequestError && error.problem?.status === UNAUTHORIZED
    ? 'This key is unknown or was revoked. Check that you copied it completely.'
    : messageOf(error);
