import { open } from 'node:fs/promises';
import { pMapIterable } from 'p-map';
import type { Size } from '../domain/detection.js';
import { messageOf } from '../domain/errors.js';
import type { SampledFrame } from '../domain/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import { unpackFrames } from '../domain/pack.js';
import type { FrameSource, LaneJob, ObjectStore, VideoTools } from '../domain/ports.js';
import type { SkippedFrame } from '../domain/result.js';

/** Pixels of one frame at the network's content size, as the detector takes them. */
export interface NetworkFrame {
  readonly frame: SampledFrame;
  readonly layout: 'planes' | 'pixels';
  readonly bytes: Uint8Array;
}

export interface FrameReaderDeps {
  readonly objects: ObjectStore;
  readonly tools: VideoTools;
  /** Decodes a JPEG and scales it to the content size: pixels R, G, B. */
  readonly readJpeg: (jpeg: Buffer, content: Size) => Promise<Uint8Array>;
}

type VideoSource = Extract<FrameSource, { kind: 'video' }>;
type StoredSource = Exclude<FrameSource, VideoSource>;

/** Stored frames that are fetched and decoded ahead of the network. */
const READ_AHEAD = 4;

/** The frames of a job in order: detected frames are yielded, others are pushed to `skipped`. */
export async function* readFrames(
  deps: FrameReaderDeps,
  job: LaneJob,
  content: Size,
  skipped: SkippedFrame[],
  signal: AbortSignal,
): AsyncGenerator<NetworkFrame> {
  const { source } = job;
  if (source.kind === 'video') yield* decodeVideo(deps, job, source, content, skipped, signal);
  else yield* readStored(deps, source, content, skipped);
}

async function* decodeVideo(
  { tools }: FrameReaderDeps,
  { video, parameters }: LaneJob,
  source: VideoSource,
  content: Size,
  skipped: SkippedFrame[],
  signal: AbortSignal,
): AsyncGenerator<NetworkFrame> {
  if (source.frames.length === 0) return;
  const { folder, identity, seekPts, frames } = source;
  const { preprocess } = parameters;
  const output = { format: 'gbrp', size: content } as const;
  const request = { source: source.path, folder, video, identity, seekPts, frames, signal };
  const decoded = await tools.decode({ ...request, preprocess, output });
  skipped.push(...decoded.skipped);
  const file = await open(decoded.path);
  try {
    const bytes = Buffer.alloc(decoded.frameBytes);
    for (const frame of decoded.frames) {
      await file.read(bytes, 0, bytes.length);
      yield { frame, layout: 'planes', bytes };
    }
  } finally {
    await file.close();
  }
}

async function* readStored(
  { objects, readJpeg }: FrameReaderDeps,
  source: StoredSource,
  content: Size,
  skipped: SkippedFrame[],
): AsyncGenerator<NetworkFrame> {
  skipped.push(...source.skipped);
  const fetch = await jpegFetcher(objects, source);
  const read = async (frame: SampledFrame) => {
    const jpeg = await fetch(frame.frame);
    return { frame, ...(await decodeJpeg(readJpeg, jpeg, content)) };
  };
  const ahead = pMapIterable(source.frames, read, { concurrency: READ_AHEAD });
  for await (const { frame, bytes, problem } of ahead) {
    if (bytes) yield { frame, layout: 'pixels', bytes };
    else skipped.push({ frame: frame.frame, reason: `stored frame is damaged: ${problem}` });
  }
}

/** A frame that is stored but no picture is skipped; a store that fails is the step's failure. */
async function decodeJpeg(
  readJpeg: FrameReaderDeps['readJpeg'],
  jpeg: Buffer | undefined,
  content: Size,
) {
  if (!jpeg) return { problem: 'it is missing' };
  try {
    return { bytes: await readJpeg(jpeg, content) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function jpegFetcher(
  objects: ObjectStore,
  source: StoredSource,
): Promise<(frame: number) => Promise<Buffer | undefined>> {
  if (source.kind === 'objects') {
    const { event_id } = source;
    return (frame: number) => objects.get(BUCKETS.frames, keys.frame(event_id, frame));
  }
  const pack = unpackFrames(await objects.get(BUCKETS.frames, source.key));
  return (frame: number) => Promise.resolve(pack.get(frame));
}
