import type { Camera } from '../../api/types.js';
import type { CameraSecrets } from '../api/streams.js';
import { element } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { newCameraFields } from './new-camera-fields.js';

/** A camera to detect in. */
interface ChosenCamera {
  readonly camera_id: string;
  /** Missing for a camera that was added before. */
  readonly secrets?: CameraSecrets;
  /** Whether a file starts again at its end; missing for other cameras. */
  readonly loop?: boolean;
}

export interface CameraFields {
  readonly root: HTMLElement;
  /** Returns the camera; the enclosing form has checked the fields. */
  readonly read: () => ChosenCamera;
  /** Shows the problem of the address, if it has one. @returns whether it has none */
  readonly checkAddress: () => boolean;
  /** Called when the user changes the camera. */
  onChange: () => void;
}

/** Value of the choice of a new camera. */
const NEW = '';
const HINT =
  'Address and login are stored sealed, and are never shown again. The manual of the camera or its ' +
  'own page has the address, under RTSP or ONVIF.';

/** Choice of a camera that was added before, or the address and login of a new one. */
export function cameraFields(cameras: readonly Camera[]): CameraFields {
  const choice = selectInput([
    [NEW, 'a new camera'],
    ...cameras.map(({ camera_id, camera }) => [camera_id, `${camera_id}, ${camera}`] as const),
  ]);
  const fresh = newCameraFields(cameras);
  const loop = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
  const loopField = element('label', { class: 'form-check' }, loop, 'Repeat the file');
  const hint = element('p', { class: 'form-hint' }, HINT);
  const isNew = () => choice.value === NEW;
  const address = () =>
    isNew()
      ? fresh.secrets().url
      : cameras.find(({ camera_id }) => camera_id === choice.value)?.camera;
  const isFile = () => /^file:/i.test(address() ?? '');
  const show = () => {
    fresh.root.hidden = !isNew();
    fresh.root.disabled = !isNew(); // hidden fields must not block the form
    hint.hidden = !isNew();
    loopField.hidden = !isFile();
  };
  const root = element(
    'div',
    {},
    cameras.length > 0 &&
      element('div', { class: 'options-grid is-pairs' }, field('Camera', choice)),
    ...[fresh.root, loopField, hint],
  );
  const fields: CameraFields = {
    root,
    onChange: () => undefined,
    checkAddress: () => !isNew() || fresh.checkAddress(),
    read: () => ({
      ...(isNew()
        ? { camera_id: fresh.name(), secrets: fresh.secrets() }
        : { camera_id: choice.value }),
      ...(isFile() && { loop: loop.checked }),
    }),
  };
  root.addEventListener('input', () => {
    show();
    fields.onChange();
  });
  show();
  return fields;
}
