import type { CameraTest } from '../../api/types.js';
import { messageOf, RequestError } from '../api/request.js';
import { testCamera } from '../api/streams.js';
import { element, fill } from '../dom.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';
import { errorState, loadingState } from '../parts/states.js';
import type { CameraFields } from './camera-fields.js';

/** Button that reads a camera for some seconds, and one frame of it or the reason of its failure. */
export function cameraTestCard(camera: CameraFields): HTMLElement {
  const button = element('button', { class: 'btn btn-outline-primary', type: 'button' });
  fill(button, 'Test the camera');
  const result = element('div', { class: 'camera-test', 'aria-live': 'polite' });
  let latest = 0;
  camera.onChange = () => {
    latest++; // the result is that of another camera
    button.disabled = false;
    fill(result);
  };
  const test = async () => {
    const attempt = ++latest;
    button.disabled = true;
    fill(result, loadingState('Reading the camera for six seconds'));
    const { camera_id, secrets } = camera.read();
    const content = await testCamera(secrets ?? { camera_id }).then(testResult, testProblem);
    if (attempt !== latest) return;
    button.disabled = false;
    fill(result, content);
  };
  button.addEventListener('click', () => {
    if (camera.checkAddress()) void test();
  });
  return element('div', {}, button, result);
}

function testProblem(error: unknown): HTMLElement {
  const title = error instanceof RequestError ? error.problem?.title : undefined;
  return errorState(messageOf(error), undefined, { title: title ?? 'The test failed' });
}

function testResult(test: CameraTest): HTMLElement {
  return element(
    'div',
    { class: 'camera-tested' },
    test.frame !== undefined &&
      element('img', { src: `data:image/jpeg;base64,${test.frame}`, alt: 'A frame of the camera' }),
    element(
      'div',
      {},
      element('p', { class: 'state-title' }, `${test.camera} can be read`),
      factGrid(factsOf(test)),
    ),
  );
}

function factsOf(test: CameraTest): readonly Fact[] {
  const { width, height, fps, keyframe_interval_s, kbit_per_s, jitter_ms, lost_packets } = test;
  const known: readonly (Fact | undefined)[] = [
    ['Codec', test.codec],
    width === null || height === null ? undefined : ['Size', `${width} × ${height}`],
    fps === null ? undefined : ['Frames per second', fps.toFixed(1)],
    keyframe_interval_s === null ? undefined : ['Keyframes', `every ${keyframe_interval_s} s`],
    kbit_per_s === null ? undefined : ['Bit rate', `${kbit_per_s} kbit/s`],
    jitter_ms === null ? undefined : ['Jitter', `${jitter_ms} ms`],
    lost_packets === null ? undefined : ['Lost packets', String(lost_packets)],
    ['Login', test.authenticated ? 'accepted' : 'not used'],
    test.cores === null ? undefined : ['Cost', `${test.cores} cores at ${test.cores_fps} fps`],
  ];
  return known.filter((fact) => fact !== undefined);
}
