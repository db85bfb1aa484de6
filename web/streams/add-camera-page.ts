import type { Camera, Model } from '../../api/types.js';
import { messageOf, RequestError } from '../api/request.js';
import { addCamera, cameraPageHash, deployStream, listCameras } from '../api/streams.js';
import { listModels } from '../api/system.js';
import { element, fill, icon } from '../dom.js';
import { card } from '../parts/card.js';
import { errorState } from '../parts/states.js';
import type { Page } from '../router.js';
import { cameraFields } from './camera-fields.js';
import { cameraTestCard } from './camera-test-card.js';
import { createUuid } from './create-uuid.js';
import { detectionFields } from './detection-fields.js';
import { ruleList } from './rule-list.js';
import { zoneFields } from './zone-fields.js';

/** Page that tests a camera, adds it, and starts to detect. */
export const addCameraPage: Page = async (target, signal) => {
  const [models, cameras] = await Promise.all([listModels(signal), listCameras(signal)]);
  target.replaceChildren(
    element('a', { class: 'back-link', href: '#/cameras' }, icon('back'), 'Cameras'),
    element('h1', {}, 'Add a camera'),
    addForm(
      models,
      cameras.filter(({ scenario_uuid }) => scenario_uuid === null),
    ),
  );
};

function addForm(models: readonly Model[], cameras: readonly Camera[]): HTMLElement {
  const camera = cameraFields(cameras);
  const detection = detectionFields(models, {}, (classes) => rules.offer(classes));
  const zones = zoneFields({}, false);
  const rules = ruleList(detection.classes(), {});
  const problem = element('div', {});
  const button = element('button', { class: 'btn btn-primary' }, 'Add the camera');
  const form = element(
    'form',
    { class: 'add-camera' },
    card('Camera', camera.root, cameraTestCard(camera)),
    card('Detection', detection.root),
    card('Tracks and zones', zones.root),
    card('Events', rules.root),
    problem,
    element('div', { class: 'button-row' }, button),
  );
  // The same id again, so that a second attempt cannot start a second scenario.
  const scenario_uuid = createUuid();
  const add = async () => {
    button.disabled = true;
    fill(problem);
    try {
      const { secrets, ...chosen } = camera.read();
      if (secrets) await addCamera(chosen.camera_id, secrets);
      const options = { ...detection.read(), ...zones.read(), ...rules.read() };
      await deployStream({ scenario_uuid, ...chosen, ...options });
      location.hash = cameraPageHash(scenario_uuid);
    } catch (error) {
      button.disabled = false;
      const title = error instanceof RequestError ? error.problem?.title : undefined;
      fill(problem, errorState(messageOf(error), undefined, { ...(title && { title }) }));
      problem.scrollIntoView({ block: 'nearest' });
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add();
  });
  return form;
}
