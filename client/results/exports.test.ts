import { Client, Connection } from '@temporalio/client';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { ExportOptions } from '../../domain/export/export-source.js';
import { EXPORT_FORMATS, type ExportFormat } from '../../domain/export/formats.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { FrameRow } from '../../domain/result/result.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { makeResult, OTHER_LAYOUTS, writeOwnLayout } from '../../test/support/results.js';
import { exportStream } from './exports.js';

const ROWS: readonly FrameRow[] = [0, 5, 10].map((frame) => ({
  ...{ frame, timestamp_ms: 40 * frame },
  objects: [{ class: 'car', box: [frame, 2, 30, 40], conf: 0.5 }],
}));
const RESULT = makeResult(ROWS, [{ frame: 15, reason: 'damaged' }]);
/** `json` is the stored object itself, `mp4` is rendered by a workflow. */
const FORMATS = EXPORT_FORMATS.filter((format) => format !== 'json' && format !== 'mp4');

async function exportOf(
  text: string,
  format: ExportFormat,
  options: ExportOptions = {},
  frames: ReadonlyMap<number, Buffer> = new Map(),
): Promise<Buffer> {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.frames);
  for (const [frame, jpeg] of frames) {
    await objects.put(BUCKETS.frames, keys.frame('e1', frame), jpeg);
  }
  await objects.ensureBucket(BUCKETS.results);
  await objects.ensureBucket(BUCKETS.models);
  await objects.put(BUCKETS.results, keys.result('e1'), text);
  const temporal = new Client({ connection: Connection.lazy() }); // never connects
  const deps = { objects, models: createModelRegistry(objects), temporal };
  return buffer(await exportStream(deps, 'e1', format, options));
}

describe.each(FORMATS)('an export as %s', (format) => {
  it.each(Object.entries(OTHER_LAYOUTS))('is the same from a result of %s', async (_, write) => {
    const expected = await exportOf(writeOwnLayout(RESULT), format);
    expect(expected.length).toBeGreaterThan(0);
    expect(await exportOf(write(RESULT), format)).toEqual(expected);
  });
});

describe('an export as yolo with images', () => {
  const text = writeOwnLayout(RESULT);
  const jpegs = new Map([0, 5, 10].map((frame) => [frame, Buffer.from(`jpeg of frame ${frame}`)]));

  it('has the stored frame of each file of labels', async () => {
    const zip = await exportOf(text, 'yolo', { images: true }, jpegs);
    for (const [frame, jpeg] of jpegs) {
      expect(zip.includes(`labels/v1_${frame}.txt`)).toBe(true);
      expect(zip.includes(`images/v1_${frame}.jpg`)).toBe(true);
      expect(zip.includes(jpeg)).toBe(true);
    }
    expect(zip.includes('images/v1_15.jpg')).toBe(false); // it was skipped
    expect((await exportOf(text, 'yolo', {}, jpegs)).includes('images/v1_0.jpg')).toBe(false);
  });

  it('is rejected if the job has no stored frames, and breaks off if one is missing', async () => {
    const ofNone = exportOf(text, 'yolo', { images: true });
    await expect(ofNone).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const ofSome = exportOf(text, 'yolo', { images: true }, new Map([...jpegs].slice(0, 2)));
    await expect(ofSome).rejects.toMatchObject({ code: 'INCOMPLETE_RESULT' });
  });
});
