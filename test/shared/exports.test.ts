import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import type { StoredObject } from '../../domain/result/detection.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const EVERY = 5;
/** Pixels that a box moves between two sampled frames, and number of places before it starts again. */
const STEP = 6;
const PLACES = 5;
/** Width of a box: its right edge is half-way between two places. */
const WIDTH = 22;
/** Mean distance of a chroma value from grey above which an edge counts as coloured. */
const COLOURED = 15;
/** Rows around the middle of a frame that the mean covers: the edges of boxes cross them. */
const ROWS = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5];

let stack: SharedConnection;
let client: VidetteClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
});
afterAll(() => stack?.close());

const exportOf = (eventId: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${stack.apiUrl}/api/v1/jobs/${eventId}/export?${query}`, { headers });

describe('text exports', () => {
  const eventId = 'exports-text';
  beforeAll(async () => {
    await putClip('exports-text', 'constant rate');
    await stack.run({
      video_id: 'exports-text',
      event_id: eventId,
      every: EVERY,
      frames: 'none',
    });
  });

  it('contain every frame and object of the result', async () => {
    const result = await stack.result(eventId);
    const objects = result.frames.flatMap((row) => row.objects).length;
    expect(objects).toBeGreaterThan(0);
    const body = async (query: string) => (await exportOf(eventId, query)).text();
    expect(JSON.parse(await body('format=json'))).toEqual(result);
    expect((await body('format=jsonl')).trimEnd().split('\n')).toHaveLength(
      result.frames.length + 2,
    );
    expect((await body('format=csv')).trimEnd().split('\r\n')).toHaveLength(objects + 1);
    expect((await body('format=mot')).trimEnd().split('\n')).toHaveLength(objects);
    expect((await body('format=vtt')).split('\n\n')).toHaveLength(result.frames.length + 1);
    const coco = JSON.parse(await body('format=coco')) as Record<string, unknown[]>;
    expect(coco['images']).toHaveLength(result.frames.length);
    expect(coco['annotations']).toHaveLength(objects);
  });

  it('of labels are a ZIP file', async () => {
    const response = await exportOf(eventId, 'format=yolo');
    expect(response.headers.get('content-disposition')).toContain('exports-text.yolo.zip');
    const zip = Buffer.from(await response.arrayBuffer());
    // Entries of the archive, as its last record counts them.
    const entries = zip.readUInt16LE(zip.length - 22 + 10);
    expect(entries).toBe((await stack.result(eventId)).frames.length + 1);
  });

  it('have an ETag, and invalid requests are rejected with a problem', async () => {
    const etag = (await exportOf(eventId, 'format=csv')).headers.get('etag')!;
    expect((await exportOf(eventId, 'format=csv', { 'if-none-match': etag })).status).toBe(304);
    const refused = await exportOf(eventId, 'format=coco&ids=coco91');
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await exportOf(eventId, 'format=xml')).status).toBe(400);
    expect((await exportOf('exports-nobody', 'format=csv')).status).toBe(404);
  });
});

describe.each([
  'constant rate',
  'variable rate',
  'rotation 90',
  'odd size',
  'MPEG-TS from 1.4 s',
  'edit list that starts later',
  'edit list that hides the first frames',
])('the annotated video of %s', (name) => {
  const id = `exports-${name.replaceAll(/[ .]/g, '-')}`;
  let source: string;
  let drawn: string;
  beforeAll(async () => {
    source = await putClip(id, name);
    await stack.run({
      video_id: id,
      event_id: id,
      every: EVERY,
      frames: 'none',
    });
    await moveBoxes(id);
    const first = await exportOf(id, 'format=mp4');
    expect(first.status).toBe(202);
    expect(first.headers.get('location')).toContain(`${id}/export?format=mp4`);
    const response = await exportOf(id, 'format=mp4&wait=1');
    expect(response.status).toBe(200);
    drawn = join(stack.folder, `${id}.annotated.mp4`);
    await writeFile(drawn, Buffer.from(await response.arrayBuffer()));
  });

  it('has the timestamps of its source from the start of its container, and its sound', async () => {
    expect(await timesOf(drawn)).toEqual(await timesOf(source, await startOf(source)));
    expect(await soundHash(drawn)).toBe(await soundHash(source));
  });

  it('shows in each frame only the box of the sampled frame at or before it', async () => {
    const frames = await placesOf(drawn, (await stack.result(id)).video.size);
    expect(frames.length).toBeGreaterThan(50);
    expect(frames).toEqual(frames.map((_, i) => [Math.floor(i / EVERY) % PLACES]));
  });

  it('is sent by byte ranges', async () => {
    const part = await exportOf(id, 'format=mp4', { range: 'bytes=4-7' });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('ftyp');
  });
});

describe('a preview', () => {
  it('is rendered for a video that browsers cannot play', async () => {
    const source = await putClip('exports-avi', 'AVI');
    await stack.run({
      video_id: 'exports-avi',
      event_id: 'exports-avi',
      every: 50,
      frames: 'none',
    });
    const video = `${stack.apiUrl}/api/v1/jobs/exports-avi/video`;
    expect((await fetch(video)).status).toBe(202);
    const made = await fetch(`${video}?wait=1`, { headers: { range: 'bytes=4-7' } });
    expect(made.status).toBe(206);
    expect(await made.text()).toBe('ftyp');
    const path = join(stack.folder, 'preview.mp4');
    await stack.objects.getFile(BUCKETS.results, keys.render('exports-avi', 'preview'), path);
    expect(await timesOf(path)).toHaveLength((await timesOf(source)).length);
    const streams = ['-show_entries', 'stream=codec_name,pix_fmt', '-of', 'csv=p=0'];
    const { stdout } = await execa('ffprobe', ['-v', 'error', ...streams, path]);
    expect(stdout.split('\n')).toEqual(['h264,yuv420p', 'aac']);
  });

  it('is not rendered for a video that browsers can play', async () => {
    const key = keys.video('exports-text');
    expect(await client.playableSource('exports-text')).toMatchObject({ state: 'ready', key });
    expect((await fetch(`${stack.apiUrl}/api/v1/jobs/exports-text/video`)).status).toBe(200);
  });
});

/** Makes a clip with sound and stores it for jobs; resolves with its path. */
async function putClip(videoId: string, name: string): Promise<string> {
  const kind = CLIP_KINDS.find((each) => each.name === name)!;
  const silent = join(stack.folder, `${videoId}.silent.${kind.extension}`);
  const path = join(stack.folder, `${videoId}.${kind.extension}`);
  await makeClip(kind, silent);
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3', '-c:v', 'copy'];
  await execa('ffmpeg', ['-v', 'error', '-i', silent, ...sound, '-c:a', 'aac', '-copyts', path]);
  await stack.putVideo(videoId, path);
  return path;
}

/** Replaces the result by one with one box per row, which moves from row to row. */
async function moveBoxes(eventId: string): Promise<void> {
  const { frames, ...result } = await stack.result(eventId);
  const moved = frames.map((row) => ({
    ...row,
    objects: [movingBox(row.frame, result.video.size.height)],
  }));
  const text = JSON.stringify({ ...result, frames: moved });
  await stack.objects.put(BUCKETS.results, keys.result(eventId), text);
}

function movingBox(frame: number, height: number): StoredObject {
  const x = placeX((frame / EVERY) % PLACES);
  const y = Math.floor(height / 2);
  return { class: 'moving', box: [x, y - 8, x + WIDTH, y + 8], conf: 1 };
}

function placeX(place: number): number {
  return 8 + STEP * place;
}

/** For each frame, the places at which the left edge of a box is drawn. */
async function placesOf(path: string, { width, height }: { width: number; height: number }) {
  // H.264 rounds odd sizes up.
  const size = { width: width + (width % 2), height: height + (height % 2) };
  const raw = `${path}.raw`;
  const options = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv444p', raw];
  await execa('ffmpeg', ['-v', 'error', '-i', path, '-an', ...options]);
  const data = await buffer(createReadStream(raw));
  const plane = size.width * size.height;
  const isColoured = (frame: number, x: number) => {
    const start = frame * 3 * plane + (size.height / 2) * size.width + x;
    const distances = ROWS.map((row) => {
      const at = start + row * size.width;
      return Math.max(...[1, 2].map((chroma) => Math.abs(data[at + chroma * plane]! - 128)));
    });
    return distances.reduce((sum, each) => sum + each, 0) / ROWS.length > COLOURED;
  };
  const all = Array.from({ length: PLACES }, (_, place) => place);
  return Array.from({ length: data.length / (3 * plane) }, (_, frame) =>
    all.filter((place) => isColoured(frame, placeX(place))),
  );
}

/** Returns the times of the frames after a start, in seconds and display order. */
async function timesOf(path: string, start = 0): Promise<string[]> {
  const packets = await probe(path, [
    '-select_streams',
    'V:0',
    '-show_entries',
    'packet=pts_time,flags',
  ]);
  const shown = packets.split('\n').filter((line) => line !== '' && !line.includes('D'));
  const times = shown.map((line) => Number(line.split(',')[0]) - start);
  return times.sort((a, b) => a - b).map((time) => time.toFixed(6));
}

/** Returns the time at which the container starts, in seconds. */
async function startOf(path: string): Promise<number> {
  return Number(await probe(path, ['-show_entries', 'format=start_time']));
}

async function probe(path: string, entries: readonly string[]): Promise<string> {
  return (await execa('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', path])).stdout;
}

/** Hashes the encoded sound, without the packet headers of a transport stream. */
async function soundHash(path: string): Promise<string> {
  const copied = ['-map', '0:a', '-c', 'copy', '-bsf:a', 'aac_adtstoasc', '-f', 'hash', '-'];
  return (await execa('ffmpeg', ['-v', 'error', '-i', path, ...copied])).stdout;
}
