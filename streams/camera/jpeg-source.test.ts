import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import type { CameraContext } from './context.js';
import type { FrameSink } from './frame-sink.js';
import type { FrozenCheck } from './frozen.js';
import { readJpegs } from './jpeg-source.js';

const SLOT_MS = 500;

it('explains the slots of JPEGs that arrived faster than they were decoded', async () => {
  const image = { width: 64, height: 64, channels: 3, background: 'red' } as const;
  const data = await sharp({ create: image }).jpeg().toBuffer();
  const added = Promise.withResolvers<void>();
  const [frames, causes]: [number[], string[]] = [[], []];
  let overloads = 0;
  const sink: Partial<FrameSink> = {
    arrived: () => undefined,
    add: ({ arrival }) => {
      frames.push(arrival);
      if (frames.length === 2) added.resolve();
    },
    explain: ({ reason }, { from, to }) => void causes.push(`${reason} ${from} to ${to}`),
  };
  const context = {
    sink,
    feeds: { clear: () => undefined, push: () => undefined },
    settings: { maxPixels: 1e6 },
    parameters: () => ({
      fps: 1000 / SLOT_MS,
      gate: 'off',
      input: { width: 64, height: 64, resize: { mode: 'stretch' } },
    }),
    url: { shown: 'http://127.0.0.1' },
    onOverload: () => overloads++,
  } as unknown as CameraContext;

  // The first one is being decoded while the others arrive; the second one has its slot.
  async function* arrive(): AsyncGenerator<AccessUnit> {
    for (const arrival of [0, 100, 500, 1000]) {
      yield { ts: 0, cameraTime: null, arrival, key: true, damaged: false, data, codec: 'mjpeg' };
    }
    await added.promise;
  }
  const frozen = { frame: () => undefined } as unknown as FrozenCheck;
  await expect(readJpegs(context, arrive(), frozen)).rejects.toThrow('closed the connection');
  expect(frames).toEqual([0, 1000]);
  expect(causes).toEqual(['overload 500 to 1000']);
  expect(overloads).toBe(1);
});
