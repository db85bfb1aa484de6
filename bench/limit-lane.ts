import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { networkFilters } from '../adapters/ffmpeg/filters.js';
import { openDetector } from '../models/detector.js';
import type { LimitTask, LimitTimes } from './limit.js';

/**
 * A process of its own that does the least that detection can do: decode and infer, or infer alone.
 * Nothing is preprocessed, stored, reported or durable. It starts when all others are ready.
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
  const frames = () => (span ? decodedFrames(span, content) : repeat(blank));
  return { detect, frames };
}

function* repeat(blank: Uint8Array): Generator<Uint8Array> {
  for (;;) yield blank;
}

/** Every sampled frame of a span, scaled to the network's content size by the ffmpeg that decodes. */
function decodedFrames(
  { path, every, fromS, lengthS }: NonNullable<LimitTask['span']>,
  content: { readonly width: number; readonly height: number },
) {
  const filters = [`select='not(mod(n,${every}))'`, ...networkFilters(content)].join(',');
  const input = ['-threads', '1', '-ss', String(fromS), '-t', String(lengthS), '-i', path];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  const quiet = ['-nostdin', '-v', 'error', '-filter_threads', '1'];
  const ffmpeg = spawn('ffmpeg', [...quiet, ...input, '-vf', filters, ...output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return chunksOf(ffmpeg.stdout, 3 * content.width * content.height);
}

async function* chunksOf(stream: Readable, size: number): AsyncGenerator<Uint8Array> {
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
      void run(detect, frames, task.atMost).then((times) => {
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
  atMost: number,
): Promise<LimitTimes> {
  const began = Date.now();
  let done = 0;
  for await (const planes of frames()) {
    await detect(planes);
    if (++done === atMost) break;
  }
  return { frames: done, began, ended: Date.now() };
}
