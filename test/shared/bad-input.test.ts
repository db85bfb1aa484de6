import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import { renderSample } from '../../sample/render.js';
import { accountOf, endOf } from '../support/job-ends.js';
import { encode, packetPlaces, seededBytes } from '../support/media-files.js';
import { BROKEN_FILES } from '../support/broken-files.js';
import { CLIP_FRAMES, CLIP_GOP } from '../support/video-file-case.js';
import { UNUSUAL_FILES } from '../support/unusual-files.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const ENDS_WITHIN_MS = 60_000;

let stack: SharedConnection;
let clip: string;

beforeAll(async () => {
  stack = await connectSharedStack();
  clip = await makeGoodClip();
});
afterAll(() => stack?.close());

/** A scene with objects in it, its index at its end. */
async function makeGoodClip(): Promise<string> {
  const sample = join(stack.folder, 'sample.mp4');
  await renderSample({ path: sample, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  const path = join(stack.folder, 'clip.mp4');
  const groups = ['-g', String(CLIP_GOP), '-bf', '0', '-sc_threshold', '0'];
  const size = ['-vf', 'scale=480:270', '-frames:v', String(CLIP_FRAMES)];
  await encode(sample, path, [...size, '-c:v', 'libx264', ...groups]);
  return path;
}

/** Runs a job on a file; the index selects the frame storage. */
async function runOn(path: string, id: string, index: number, model?: string) {
  await stack.putVideo(id, path);
  const frames = FRAME_STORAGE[index % FRAME_STORAGE.length]!;
  const start = performance.now();
  const end = await endOf(stack, { video_id: id, event_id: id, every: 1, frames, model });
  expect(performance.now() - start).toBeLessThan(ENDS_WITHIN_MS);
  return end;
}

describe('a job on an unusual or broken file', () => {
  const cases = [...BROKEN_FILES, ...UNUSUAL_FILES].map((file, index) => ({ ...file, index }));

  it.concurrent.each(cases)(
    'ends within a minute with all its frames or the reason: $name',
    async ({ name, make, expected, index }) => {
      const id = `bad-input-${name.replaceAll(/\W+/g, '-')}`;
      const path = join(stack.folder, `${id}.mp4`);
      await make(path, clip);
      const end = await runOn(path, id, index);
      if ('code' in expected) {
        expect(end).toMatchObject({ code: expected.code });
        expect(end).toMatchObject({ message: expect.stringMatching(expected.message) as string });
        expect('message' in end && end.message).not.toContain(stack.folder);
        return;
      }
      expect(end).toEqual({ status: 'ready' });
      const account = await accountOf(stack, id);
      expect(account.detected.length).toBeGreaterThan(0);
      expect(account.skipped.length).toBeLessThanOrEqual(expected.skipped);
      if (expected.frames !== undefined) expect(account.planned).toBe(expected.frames);
    },
  );
});

describe('a job on a video with random bytes in its middle', () => {
  /** Position within the third GOP of five. */
  const DAMAGED = { from: 45, to: 50 };

  it('loses the damaged frames and changes no row outside of their GOP', async () => {
    const path = join(stack.folder, 'damaged.mp4');
    await damage(path);
    expect(await runOn(clip, 'bad-input-undamaged', 0, REAL_MODEL)).toEqual({ status: 'ready' });
    expect(await runOn(path, 'bad-input-damaged', 0, REAL_MODEL)).toEqual({ status: 'ready' });
    const { skipped, rows } = await accountOf(stack, 'bad-input-damaged');
    const whole = await accountOf(stack, 'bad-input-undamaged');
    const group = { from: 2 * CLIP_GOP, to: 3 * CLIP_GOP };
    const isOutside = ({ frame }: { frame: number }) => frame < group.from || frame >= group.to;
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.filter(({ frame }) => frame < DAMAGED.from || frame >= group.to)).toEqual([]);
    for (const { reason } of skipped) expect(reason).toMatch(/^not decodable: .+/);
    expect(whole.rows.flatMap(({ objects }) => objects).length).toBeGreaterThan(CLIP_FRAMES);
    expect(rows.filter(isOutside)).toEqual(whole.rows.filter(isOutside));
  });

  async function damage(path: string): Promise<void> {
    const file = await readFile(clip);
    const places = (await packetPlaces(clip)).slice(DAMAGED.from, DAMAGED.to);
    for (const { position, size } of places) seededBytes(size).copy(file, position);
    await writeFile(path, file);
  }
});
