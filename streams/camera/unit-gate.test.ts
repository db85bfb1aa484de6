import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../domain/stream/scenario-input.js';
import { accessUnit } from '../../test/support/access-units.js';
import { frameNotice } from '../../test/support/stream-frames.js';
import type { CameraContext } from './context.js';
import type { FrameSink } from './frame-sink.js';
import { createUnitGate } from './unit-gate.js';

const SIDE = 16;
const GREY = Buffer.alloc(3 * SIDE * SIDE, 90);
const WHITE = Buffer.alloc(3 * SIDE * SIDE, 240);

/** A camera with 4 frames per second, a keyframe each 2 s, and 2 frames per second detected. */
function setUp(gate: ScenarioInput['gate']) {
  const sent: string[] = [];
  const sink = {
    add: ({ arrival }, { scene = arrival, keep = false } = {}) =>
      void sent.push(`${arrival} like ${scene}${keep ? ', kept' : ''}`),
    addStill: (arrival, scene) => void sent.push(`${arrival} still like ${scene}`),
  } as Partial<FrameSink> as FrameSink;
  const parameters = () => ({ gate, fps: 2 }) as ReturnType<CameraContext['parameters']>;
  const unitGate = createUnitGate({ sink, parameters });
  const size = { width: SIDE, height: SIDE };
  const frame = (arrival: number, pixels: Buffer) =>
    unitGate
      .frame({ ...frameNotice(arrival, { size, content: size }), pixels })
      .map((unit) => unit.arrival);
  const unit = (arrival: number) =>
    unitGate
      .unit(accessUnit(arrival, { key: arrival % 2000 === 0 }))
      .map((decoded) => decoded.arrival);
  return { sent, frame, unit, reset: unitGate.reset };
}

/** Shows a still scene until the decoder is asleep, after the keyframe at 12 s. */
function fallAsleep() {
  const camera = setUp('sleep');
  for (let at = 0; at <= 12_000; at += 250) {
    if (camera.unit(at).length > 0 && at % 500 === 0) camera.frame(at, GREY);
  }
  camera.sent.length = 0;
  return camera;
}

describe('the gate of a camera', () => {
  it('decodes and sends everything if it is off', () => {
    const { sent, frame, unit } = setUp('off');
    expect([unit(0), frame(0, GREY), unit(500), frame(500, GREY)]).toEqual([[0], [], [500], []]);
    expect(sent).toEqual(['0 like 0', '500 like 500']);
  });

  it('decodes everything and recognises still frames', () => {
    const { sent, frame, unit } = setUp('still');
    for (const [at, pixels] of [
      [0, GREY],
      [500, GREY],
      [1000, WHITE],
      [1500, WHITE],
    ] as const) {
      expect(unit(at)).toEqual([at]);
      frame(at, pixels);
    }
    expect(sent).toEqual(['0 like 0', '500 like 0', '1000 like 1000', '1500 like 1000']);
  });

  it('sends the slots between two keyframes when nothing has changed', () => {
    const { sent, frame, unit } = fallAsleep();
    for (const at of [12_250, 12_500, 12_750, 13_000, 13_250, 13_500, 13_750]) {
      expect(unit(at)).toEqual([]);
    }
    expect(sent).toEqual([]);
    expect(unit(14_000)).toEqual([14_000]);
    frame(14_000, GREY);
    expect(sent).toEqual([
      ...['12250 still like 0', '12500 still like 0', '13000 still like 0', '13500 still like 0'],
      '14000 like 0',
    ]);
  });

  it('decodes again what precedes a change, and sends all of it', () => {
    const { sent, frame, unit } = fallAsleep();
    for (const at of [12_500, 13_000, 13_500, 14_000]) unit(at);
    expect(frame(14_000, WHITE)).toEqual([12_000, 12_500, 13_000, 13_500, 14_000]);
    expect(sent).toEqual([]);
    for (const at of [12_500, 13_000]) frame(at, GREY);
    for (const at of [13_500, 14_000]) frame(at, WHITE);
    expect(unit(14_500)).toEqual([14_500]);
    frame(14_500, WHITE);
    expect(sent).toEqual([
      ...['12500 like 12500, kept', '13000 like 12500, kept'],
      ...['13500 like 13500, kept', '14000 like 13500, kept', '14500 like 13500'],
    ]);
  });

  it('wakes when the decoder is another one', () => {
    const { frame, unit, reset, sent } = fallAsleep();
    unit(12_500);
    reset();
    expect([unit(13_000), unit(14_000)]).toEqual([[13_000], [14_000]]);
    frame(14_000, GREY);
    expect(sent).toEqual(['14000 like 14000']);
  });
});
