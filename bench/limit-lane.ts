import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { modelInputFilters } from '../adapters/ffmpeg/filters.js';
import { openDetector } from '../models/detector.js';
import type { LimitTask, LimitTimes } from './limit.js';

/**
 * Entry point of a process that does the minimum of detection: decoding and inference, or inference
 * alone. It preprocesses and stores nothing, and starts when all processes are ready.
 */

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
const WARM_UP_RUNS = 5;

async function prepare({ manifest, modelPath, size, span }: LimitTask) {
  const detector = await openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
  const content = detector.contentSize(size);
  const blank = new Uint8Array(3 * content.width * content.height);
  const detect = (bytes: Uint8Array) =>
    detector.detect([{ layout: 'planes', bytes }], size, OPTIONS);
  for (let i = 0; i < WARM_UP_RUNS; i++) await detect(blank);
  const frames = () => (span ? decodeFrames(span, content) : repeat(blank));
  return { detect, frames };
}

function* repeat(blank: Uint8Array): Generator<Uint8Array> {
  for (;;) yield blank;
}

/** Decodes the sampled frames of a span, scaled to the model's content size by the same ffmpeg. */
function decodeFrames(
  { path, every, fromS, lengthS }: NonNullable<LimitTask['span']>,
  content: { readonly width: number; readonly height: number },
) {
  const filters = [`select='not(mod(n,${every}))'`, ...modelInputFilters(content)].join(',');
  const input = ['-threads', '1', '-ss', String(fromS), '-t', String(lengthS), '-i', path];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  const quiet = ['-nostdin', '-v', 'error', '-filter_threads', '1'];
  const ffmpeg = spawn('ffmpeg', [...quiet, ...input, '-vf', filters, ...output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return splitFrames(ffmpeg.stdout, 3 * content.width * content.height);
}

async function* splitFrames(stream: Readable, size: number): AsyncGenerator<Uint8Array> {
  const frame = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + size - filled);
      frame.set(part, filled);
      [filled, from] = [filled + part.length, from + part.length];
      if (filled < size) continue;
      yield frame;
      filled = 0;
    }
  }
}

process.once('message', (task: LimitTask) => {
  void (async () => {
    const { detect, frames } = await prepare(task);
    process.once('message', () => {
      void run(detect, frames, task.maxFrames).then((times) => {
        process.send?.(times);
        process.disconnect();
      });
    });
    process.send?.('ready');
  })();
});

async function run(
  detect: (planes: Uint8Array) => Promise<unknown>,
  frames: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  maxFrames: number,
): Promise<LimitTimes> {
  const startedAt = Date.now();
  let done = 0;
  for await (const planes of frames()) {
    await detect(planes);
    if (++done === maxFrames) break;
  }
  return { frames: done, startedAt, endedAt: Date.now() };
}
