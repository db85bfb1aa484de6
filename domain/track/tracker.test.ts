import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bbox, StoredObject } from '../result/detection.js';
import type { TrackedFrame, TrackerOutput, TrackerState } from './track.js';
import { finishTracker, startTracker, trackFrame } from './tracker.js';

const object = (box: Bbox, conf = 0.9, name = 'person'): StoredObject => ({
  class: name,
  box,
  conf,
});

/** A person of 40 x 100 pixels. */
const person = (x: number, conf?: number) => object([x, 100, x + 40, 200], conf);

/** Frames at a rate; each entry has the objects of one. */
const framesOf = (rate: number, all: readonly (readonly StoredObject[])[]): TrackedFrame[] =>
  all.map((objects, i) => ({ frame: i * 5, timestamp_ms: (i * 1000) / rate, objects }));

function follow(
  frames: readonly TrackedFrame[],
  between: (state: TrackerState) => TrackerState = (state) => state,
): TrackerOutput {
  let state = startTracker();
  const outputs: TrackerOutput[] = [];
  for (const frame of frames) {
    outputs.push(trackFrame(state, frame));
    state = between(state);
  }
  outputs.push(finishTracker(state));
  return {
    frames: outputs.flatMap((output) => output.frames),
    ended: outputs.flatMap(({ ended }) => ended),
  };
}

const idsOf = (frames: readonly TrackedFrame[]) => follow(frames).frames.map(({ ids }) => ids);

describe('tracks', () => {
  it('give every object of a person one id, from the first frame on', () => {
    const frames = framesOf(
      30,
      [0, 4, 8, 12].map((x) => [person(x, 0.7 + x / 100)]),
    );
    expect(follow(frames)).toEqual({
      frames: [0, 5, 10, 15].map((frame) => ({ frame, ids: [1] })),
      ended: [{ id: 1, class: 'person', from_ms: 0, to_ms: 100, max_conf: 0.82, best_frame: 15 }],
    });
  });

  it('need a second frame and a confidence of 0.6 to begin', () => {
    const once = framesOf(30, [[person(0)], [], []]);
    const weak = framesOf(30, [[person(0, 0.55)], [person(2, 0.55)], [person(4, 0.55)]]);
    expect(idsOf(once)).toEqual([[null], [], []]);
    expect(idsOf(weak)).toEqual([[null], [null], [null]]);
  });

  it('keep objects whose confidence falls, and never below 0.1', () => {
    const frames = framesOf(30, [[person(0)], [person(2)], [person(4, 0.2)], [person(6, 0.05)]]);
    expect(idsOf(frames)).toEqual([[1], [1], [1], [null]]);
  });

  it('continue after an object was hidden for less than a second', () => {
    const hidden = Array.from({ length: 20 }, () => []);
    const seen = (from: number) => [0, 1, 2, 3].map((i) => [person(from + 2 * i)]);
    const frames = framesOf(30, [...seen(0), ...hidden, ...seen(48)]);
    const ids = idsOf(frames).flat();
    expect(ids).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it('continue with an object of a low confidence after it was hidden', () => {
    const frames = framesOf(30, [
      ...[[person(0)], [person(0)], [], [], [person(0, 0.3)], [person(0)]],
    ]);
    expect(idsOf(frames).flat()).toEqual([1, 1, 1, 1]);
  });

  it('end a second after their last object', () => {
    const hidden = Array.from({ length: 31 }, () => []);
    const frames = framesOf(30, [[person(0)], [person(0)], ...hidden, [person(0)], [person(0)]]);
    expect(idsOf(frames).flat()).toEqual([1, 1, 2, 2]);
  });

  it('keep apart two people who cross', () => {
    const frames = framesOf(
      30,
      Array.from({ length: 60 }, (_, i) => [
        object([i * 4, 100, i * 4 + 40, 200]),
        object([240 - i * 4, 130, 280 - i * 4, 230]),
      ]),
    );
    expect(idsOf(frames)).toEqual(frames.map(() => [1, 2]));
  });

  it('do not join objects of two classes', () => {
    const frames = framesOf(30, [
      [object([0, 0, 50, 50], 0.9, 'car')],
      [object([0, 0, 50, 50], 0.9, 'car'), object([0, 0, 50, 50], 0.9, 'truck')],
      [object([0, 0, 50, 50], 0.9, 'truck')],
    ]);
    expect(idsOf(frames)).toEqual([[1], [1, 2], [2]]);
  });

  it.each([30, 15, 6, 2])('follow a person who walks, at %i frames per second', (rate) => {
    const count = rate * 4;
    const frames = framesOf(
      rate,
      Array.from({ length: count }, (_, i) => [person((i * 60) / rate)]),
    );
    expect(idsOf(frames).flat()).toEqual(frames.map(() => 1));
  });

  it('follow objects by the time of skipped frames', () => {
    const frames = framesOf(
      30,
      Array.from({ length: 60 }, (_, i) => [person(i * 5)]),
    );
    const left = frames.filter((_, i) => i < 20 || i > 32);
    expect(idsOf(left).flat()).toEqual(left.map(() => 1));
  });

  it('survive frames that are further apart than a second', () => {
    const frames = framesOf(0.5, [[person(0)], [person(2)], [], [person(4)]]);
    expect(idsOf(frames)).toEqual([[1], [1], [], [1]]);
  });

  it('survive times that do not rise', () => {
    const frames = [0, 1, 2].map((frame) => ({ frame, timestamp_ms: 0, objects: [person(0)] }));
    expect(idsOf(frames)).toEqual([[1], [1], [1]]);
  });
});

const coordinate = fc.integer({ min: 0, max: 400 });
const side = fc.integer({ min: 0, max: 120 });
const anyObject = fc
  .tuple(coordinate, coordinate, side, side, fc.integer({ min: 0, max: 100 }), fc.boolean())
  .map(([x, y, width, height, conf, isCar]) =>
    object([x, y, x + width, y + height], conf / 100, isCar ? 'car' : 'person'),
  );
const anyFrames = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.array(anyObject, { maxLength: 6 })), {
    maxLength: 25,
  })
  .map((steps) => {
    let timestamp_ms = 0;
    return steps.map(([after, objects], frame): TrackedFrame => {
      timestamp_ms += after;
      return { frame, timestamp_ms, objects };
    });
  });

describe('a tracker', () => {
  it('gives the same tracks if its state is serialised after every frame', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const serialised = follow(
          frames,
          (state) => JSON.parse(JSON.stringify(state)) as TrackerState, // written above
        );
        expect(serialised).toEqual(follow(frames));
      }),
    );
  });

  it('accounts for every frame and object in order, and for every id by one track', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const { frames: tracked, ended } = follow(frames);
        expect(tracked.map(({ frame, ids }) => [frame, ids.length])).toEqual(
          frames.map(({ frame, objects }) => [frame, objects.length]),
        );
        const used = new Set(tracked.flatMap(({ ids }) => ids).filter((id) => id !== null));
        expect(ended.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
          [...used].sort((a, b) => a - b),
        );
        expect(Math.max(0, ...used)).toBe(used.size);
        for (const { ids } of tracked) {
          const known = ids.filter((id) => id !== null);
          expect(new Set(known).size).toBe(known.length);
        }
      }),
    );
  });

  it('reports the class, times and best frame of the objects of each track', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const { frames: tracked, ended } = follow(frames);
        for (const track of ended) {
          const own = frames.flatMap(({ frame, timestamp_ms, objects }, i) =>
            objects
              .filter((_, at) => tracked[i]!.ids[at] === track.id)
              .map((each) => ({ frame, timestamp_ms, ...each })),
          );
          const best = own.reduce((a, b) => (b.conf > a.conf ? b : a));
          expect(track).toEqual({
            ...{ id: track.id, class: own[0]!.class, max_conf: best.conf, best_frame: best.frame },
            ...{ from_ms: own[0]!.timestamp_ms, to_ms: own.at(-1)!.timestamp_ms },
          });
          expect(new Set(own.map((each) => each.class)).size).toBe(1);
        }
      }),
    );
  });
});
