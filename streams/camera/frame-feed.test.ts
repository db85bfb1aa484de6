import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { frameNotice } from '../../test/support/stream-frames.js';
import type { CameraContext } from './context.js';
import { createFrameFeed } from './frame-feed.js';
import { createUnitFeeds } from './unit-feeds.js';

const SIZE = { width: 16, height: 8 };
/** Planes G, B, R of a red image. */
const RED = Buffer.concat([Buffer.alloc(2 * 16 * 8, 0), Buffer.alloc(16 * 8, 255)]);

function setUp(clipBeforeMs: number | undefined) {
  const units: AccessUnit[] = [];
  const feeds = createUnitFeeds(60_000, (message) => {
    if (message.type === 'unit') units.push(message.unit);
  });
  const parameters = () => ({ clipBeforeMs }) as ReturnType<CameraContext['parameters']>;
  const feed = createFrameFeed({ feeds, parameters });
  const frameAt = (arrival: number) =>
    feed({ ...frameNotice(arrival, { size: SIZE, content: SIZE }), layout: 'planes', pixels: RED });
  return { units, feeds, frameAt };
}

it('encodes frames while they are watched', async () => {
  const { units, feeds, frameAt } = setUp(undefined);
  await frameAt(1000);
  feeds.start(1, 0);
  await frameAt(1500);
  feeds.stop(1);
  await frameAt(2000);
  expect(units).toMatchObject([{ arrival: 1500, key: true, codec: 'mjpeg' }]);
  const { channels } = await sharp(units[0]!.data).stats();
  expect(channels.map(({ mean }) => Math.round(mean / 64))).toEqual([4, 0, 0]);
});

it('keeps frames for the clips of events', async () => {
  const { units, feeds, frameAt } = setUp(0);
  await frameAt(1000);
  await frameAt(1500);
  feeds.start(1, 0);
  expect(units.map(({ arrival }) => arrival)).toEqual([1000, 1500]);
});
