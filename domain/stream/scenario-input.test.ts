import { describe, expect, it } from 'vitest';
import { LINE, ROOM } from '../../test/support/tracked-rows.js';
import { parseScenarioInput, scenarioFingerprint } from './scenario-input.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const CAMERA = { scenario_uuid: UUID, camera_url: 'rtsp://10.0.0.7/live' };
const FILE = { scenario_uuid: UUID, camera_url: 'file:///videos/a.mp4' };

describe('parseScenarioInput', () => {
  it('fills in every default', () => {
    expect(parseScenarioInput(CAMERA)).toEqual({
      ...CAMERA,
      ...{ fps: 2, conf: 0.25, iou: 0.45, max_det: 300, device: 'auto', gate: 'off' },
      ...{ pace: 'realtime', loop: false, notify: [] },
      ...{ keep_days: 30, yield_after_s: 600, max_lag_ms: 1000 },
    });
  });

  it('accepts a message of the old service', () => {
    const message = { worker_id: 'worker-1', ...CAMERA, scenario_uuid: UUID.toUpperCase() };
    expect(parseScenarioInput(message)).toMatchObject({ worker_id: 'worker-1', ...CAMERA });
    expect(parseScenarioInput({ ...CAMERA, worker_id: 3 })).toHaveProperty('worker_id', 3);
  });

  it('uses the rate of the installation unless the scenario has its own', () => {
    expect(parseScenarioInput(CAMERA, { fps: 5 }).fps).toBe(5);
    expect(parseScenarioInput({ ...CAMERA, fps: 0.5 }, { fps: 5 }).fps).toBe(0.5);
  });

  it('fills in the defaults of clips and rules', () => {
    const url = 'http://10.0.0.9/hook';
    const parsed = parseScenarioInput({ ...CAMERA, record: {}, notify: [{ url }] });
    expect(parsed.record).toEqual({ before_s: 5, after_s: 10, keep_days: 7 });
    expect(parsed.notify).toEqual([{ conf: 0, frames: 2, quiet_s: 30, url }]);
  });

  it.each([
    ['a camera by its id', { scenario_uuid: UUID, camera_id: 'gate-north' }],
    ['a file that repeats', { ...FILE, loop: true, pace: 'fast' }],
    ['a model with a version', { ...CAMERA, model: 'yolox_nano@12' }],
    ['the mock model', { ...CAMERA, model: 'mock' }],
    ['all options of frames', { ...CAMERA, gate: 'sleep', classes: ['car'], fps: 60, conf: 1 }],
    ['tracks', { ...CAMERA, tracking: true }],
    [
      'zones, and rules that name them',
      {
        ...{ ...CAMERA, tracking: true, zones: [ROOM, LINE] },
        notify: [{ zone: 'room' }, { zone: 'line', direction: 'in' }],
      },
    ],
    ['a rule for the night', { ...CAMERA, notify: [{ hours: { from: '22:00', to: '06:00' } }] }],
  ])('accepts %s', (_, input) => {
    expect(parseScenarioInput(input)).toMatchObject(input);
  });

  it.each<[what: string, input: unknown, named: RegExp]>([
    ['zones without tracks', { ...CAMERA, zones: [ROOM] }, /zones: need "tracking": true/],
    [
      'a polygon of two points',
      { ...CAMERA, tracking: true, zones: [{ ...ROOM, points: ROOM.points.slice(2) }] },
      /zones\.0\.points: /,
    ],
    [
      'a point outside of the frame',
      {
        ...CAMERA,
        tracking: true,
        zones: [
          {
            ...LINE,
            points: [
              [0, 0],
              [0, 1.5],
            ],
          },
        ],
      },
      /zones\.0\.points\.1\.1: /,
    ],
    [
      'zones of one name',
      { ...CAMERA, tracking: true, zones: [ROOM, { ...LINE, name: 'room' }] },
      /zones: expected different names/,
    ],
    [
      'a rule with an unknown zone',
      { ...CAMERA, tracking: true, zones: [ROOM], notify: [{}, { zone: 'hall' }] },
      /notify\.1\.zone: unknown zone "hall" \(zones of the scenario: room\)/,
    ],
    [
      'a rule with a zone, without zones',
      { ...CAMERA, notify: [{ zone: 'hall' }] },
      /unknown zone "hall" \(zones of the scenario: none\)/,
    ],
    [
      'a rule with the direction of a zone',
      { ...CAMERA, tracking: true, zones: [ROOM], notify: [{ zone: 'room', direction: 'in' }] },
      /notify\.0\.direction: only possible with the name of a line/,
    ],
    ['nothing', undefined, /input: /],
    ['a text', 'rtsp://10.0.0.7', /input: /],
    ['a list', [CAMERA], /input: /],
    ['no scenario_uuid', { camera_url: CAMERA.camera_url }, /scenario_uuid: /],
    ['another id', { ...CAMERA, scenario_uuid: 'cars' }, /scenario_uuid: expected a UUID/],
    ['no camera', { scenario_uuid: UUID }, /either camera_url or camera_id/],
    ['two cameras', { ...CAMERA, camera_id: 'a' }, /either camera_url or camera_id/],
    ['another protocol', { ...CAMERA, camera_url: 'ftp://a/b' }, /must start with one of/],
    ['a path as camera_id', { scenario_uuid: UUID, camera_id: '../a' }, /camera_id: /],
    ['an unknown field', { ...CAMERA, url: 'x' }, /unknown field "url" \(known: worker_id, /],
    ['no frames', { ...CAMERA, fps: 0 }, /fps: /],
    ['too many frames', { ...CAMERA, fps: 60.1 }, /fps: /],
    ['an unknown gate', { ...CAMERA, gate: 'closed' }, /gate: /],
    ['a camera that repeats', { ...CAMERA, loop: true }, /only possible with a file/],
    ['a fast camera', { ...CAMERA, pace: 'fast' }, /only possible with a file/],
    ['a lag of nothing', { ...CAMERA, max_lag_ms: 0 }, /max_lag_ms: /],
    ['rows that are not kept', { ...CAMERA, keep_days: 0 }, /keep_days: /],
    ['an unknown field of a clip', { ...CAMERA, record: { after: 1 } }, /after/],
    ['a rule with another URL', { ...CAMERA, notify: [{ url: 'ftp://a' }] }, /notify\.0\.url/],
    ['an invalid hour', { ...CAMERA, notify: [{ hours: { from: '24:00', to: '1' } }] }, /hours/],
    ['a rule that never starts', { ...CAMERA, notify: [{ frames: 0 }] }, /notify\.0\.frames/],
  ])('rejects %s and names it', (_, input, named) => {
    const parse = () => parseScenarioInput(input);
    expect(parse).toThrow(named);
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('repeats no part of a URL in its errors', () => {
    const camera_url = 'ftp://user:planted@10.0.0.7/planted';
    expect(() => parseScenarioInput({ ...CAMERA, camera_url })).not.toThrow(/planted/);
    expect(() => parseScenarioInput({ ...CAMERA, camera_url, fps: 0 })).not.toThrow(/planted/);
  });
});

describe('scenarioFingerprint', () => {
  const base = { scenario_uuid: UUID, camera_id: 'gate' };
  const fingerprintOf = (input: object) => scenarioFingerprint(parseScenarioInput(input));

  it('is the same for the same camera and parameters', () => {
    expect(fingerprintOf({ ...base, worker_id: 'a' })).toBe(fingerprintOf({ fps: 2, ...base }));
  });

  it('is the same without tracks as before there were tracks', () => {
    expect(fingerprintOf({ ...base, tracking: false })).toBe(fingerprintOf(base));
  });

  it.each([
    ...[{ camera_id: 'door' }, { fps: 3 }, { model: 'm' }, { gate: 'still' }, { record: {} }],
    ...[{ tracking: true }, { tracking: true, zones: [ROOM] }],
  ])('differs with %j', (changed) => {
    expect(fingerprintOf({ ...base, ...changed })).not.toBe(fingerprintOf(base));
  });
});
