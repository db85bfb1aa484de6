import { describe, expect, it } from 'vitest';
import { sealedScenario } from '../../test/support/scenarios.js';
import { testStream } from '../../test/support/test-stream.js';
import {
  describeObjects,
  describeParameters,
  describeRate,
  describeSince,
  nameOf,
  toneOfReason,
  toneOfState,
} from './stream-text.js';

describe('nameOf', () => {
  const { scenario_uuid } = testStream();
  const parameters = (camera_id: string) => sealedScenario({ scenario_uuid, camera_id });
  it.each([
    ['gate-north', parameters('gate-north'), 'rtsp://10.0.0.7'],
    ['rtsp://10.0.0.7', parameters(`${scenario_uuid}-0a1b2c3d4e5f`), 'rtsp://10.0.0.7'],
    [
      'my street.mp4',
      parameters(`${scenario_uuid}-0a1b2c3d4e5f`),
      'file:///videos/my%20street.mp4',
    ],
    [scenario_uuid, null, null],
  ])('is %s', (name, given, camera) => {
    expect(nameOf({ parameters: given, camera, scenario_uuid })).toBe(name);
  });
});

it.each([
  ['overloaded', 'overload'],
  ['unreachable', 'camera_unreachable'],
  ['refused', 'camera_refused'],
  ['silent', 'camera_silent'],
  ['frozen', 'picture_frozen'],
  ['connecting', 'connecting'],
  ['waiting', 'waiting_slot'],
  ['paused', 'paused'],
] as const)('shows the state %s as its gap', (state, reason) => {
  expect(toneOfState(state)).toBe(toneOfReason(reason));
});

it('describes the time in a state, never as negative', () => {
  const now = Date.UTC(2026, 0, 11, 12);
  expect(describeSince('2026-01-11T11:00:00.000Z', now)).toBe('1 h 0 min');
  expect(describeSince('2026-01-11T12:00:01.000Z', now)).toBe('0.0 s');
  expect(describeSince(null, now)).toBe('');
});

it('describes rate and lag of a camera that is live', () => {
  expect(describeRate({ fps: 2, lag_ms: 210.4 })).toBe('2.0 fps · 210 ms lag');
  expect(describeRate({ fps: 0, lag_ms: null })).toBe('');
});

it('counts objects by class, the most frequent first', () => {
  const objects = ['car', 'person', 'bus', 'person'].map((name) => ({ class: name }));
  expect(describeObjects(objects)).toBe('2 person, 1 bus, 1 car');
  expect(describeObjects([])).toBe('nothing');
});

it('describes the parameters of a camera', () => {
  const model = { name: 'yolox_nano', version: 1, sha256: 'a' };
  const parameters = sealedScenario({ classes: ['person', 'car'], gate: 'sleep' });
  expect(describeParameters(testStream({ model, parameters }))).toBe(
    'yolox_nano 1 · 2 fps · from 25 % · person, car · gate sleep',
  );
});
