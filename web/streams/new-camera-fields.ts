import type { Camera } from '../../api/types.js';
import type { CameraSecrets } from '../api/streams.js';
import { element } from '../dom.js';
import { field } from '../parts/fields.js';

interface NewCameraFields {
  readonly root: HTMLFieldSetElement;
  readonly name: () => string;
  readonly secrets: () => CameraSecrets;
  /** Shows the problem of the address, if it has one. @returns whether it has none */
  readonly checkAddress: () => boolean;
}

type TextAttributes = Readonly<Record<string, string | number | boolean>>;

const PLAIN = { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' };

const textInput = (attributes: TextAttributes = {}) =>
  element('input', {
    ...{ type: 'text', class: 'form-control', maxlength: 256 },
    ...PLAIN,
    ...attributes,
  });

/** Name, address and login of a camera. @param cameras those whose names are taken */
export function newCameraFields(cameras: readonly Camera[]): NewCameraFields {
  const pattern = '[A-Za-z0-9_\\-]{1,128}';
  const name = textInput({ required: true, pattern, placeholder: 'gate-north' });
  const url = textInput({
    required: true,
    maxlength: 2048,
    placeholder: 'rtsp://10.0.0.7/stream1',
  });
  const user = textInput();
  const password = textInput({ type: 'password', autocomplete: 'new-password' });
  name.addEventListener('input', () => {
    const isTaken = cameras.some(({ camera_id }) => camera_id === name.value);
    const problem = 'A camera has this name. Choose it above, or enter another name.';
    name.setCustomValidity(isTaken ? problem : '');
  });
  const root = element(
    'fieldset',
    { class: 'options-grid is-pairs' },
    field('Name: letters, digits, “-” and “_”', name),
    field('Address: rtsp, rtsps, http, https or file', url),
    field('User name, if it has one', user),
    field('Password', password),
  );
  return {
    root,
    name: () => name.value,
    secrets: () => ({
      url: url.value.trim(),
      ...(user.value !== '' && { username: user.value }),
      ...(password.value !== '' && { password: password.value }),
    }),
    checkAddress: () => url.reportValidity(),
  };
}
