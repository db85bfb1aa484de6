import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import { checkCorpusJob, CORPUS_JOB_MS } from '../corpus/check-job.js';
import { type CorpusFile, readCorpus } from '../corpus/corpus-files.js';
import { testDataFolder } from '../parity/test-data.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const MP4 = ['.mp4', '.mov', '.m4v'];
/** Ways in which a job on a file can end; each is tested with each frame storage. */
const ENDS: Readonly<Record<string, (file: CorpusFile) => boolean>> = {
  'an intact MP4': (file) => isDecodable(file) && file.isIntact && MP4.includes(file.extension),
  'an intact video of another format': (file) =>
    isDecodable(file) &&
    file.isIntact &&
    !MP4.includes(file.extension) &&
    file.extension !== '.gif',
  'an animated GIF': (file) => file.extension === '.gif' && file.ffmpegFrames > 1,
  'a video of one frame': ({ ffmpegFrames }) => ffmpegFrames === 1,
  'a video that ffmpeg cannot decode': (file) => file.kind === 'video' && !isDecodable(file),
  'a PNG': ({ kind, extension }) => kind === 'image' && extension === '.png',
  'a JPEG': ({ kind, extension }) => kind === 'image' && extension.startsWith('.jp'),
  'an image of another format': ({ kind, extension }) =>
    kind === 'image' && !extension.startsWith('.jp') && extension !== '.png',
};

const isDecodable = ({ ffmpegFrames }: CorpusFile) => ffmpegFrames > 0;

const files = await readCorpus(join(testDataFolder(), 'corpus'));
const cases = Object.entries(ENDS).flatMap(([end, isOfThisEnd]) => {
  const candidates = files.filter(isOfThisEnd);
  return FRAME_STORAGE.map((frames, i) => {
    // Files that are far apart in the table are unlike.
    const file = candidates[Math.floor((i * candidates.length) / FRAME_STORAGE.length)];
    return { end, frames, file };
  });
});

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
});
afterAll(() => stack?.close());

describe('a job on a file of the collection', () => {
  it.concurrent.each(cases)(
    'ends as $end with frames $frames',
    async ({ end, frames, file }) => {
      expect(file).toBeDefined();
      const id = `corpus-jobs-${end.replaceAll(' ', '-')}-${frames}`;
      await checkCorpusJob(stack, file!, { id, frames });
    },
    CORPUS_JOB_MS,
  );
});
