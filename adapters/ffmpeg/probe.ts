import { join } from 'node:path';
import type { ProbedVideo, ProbeRequest } from '../../domain/ports/video-tools.js';
import { secondsOf } from '../../domain/video/timestamp.js';
import { clockPeriod } from './clock.js';
import { runFfmpeg } from './command.js';
import { badVideo, unreadable } from './ffmpeg-log.js';
import { type FrameList, listFrames } from './list-frames.js';
import { missingFrames } from './missing-frames.js';
import { probeSound } from './probe-sound.js';
import { checkDuration, type ProbeSettings, probeStream, type StreamInfo } from './probe-stream.js';
import { seekableKeyframes } from './recovery-points.js';
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

/** Reads the properties of a video and lists every frame in display order. */
export async function probeVideo(
  settings: ProbeSettings,
  { source, folder, track, signal }: ProbeRequest,
): Promise<ProbedVideo> {
  const { stream, declared, warnings } = await probeStream(settings, { source, track, signal });
  // The length of a container whose clock starts over is an estimate from its last timestamp.
  if (!clockPeriod(stream.container)) checkDuration(settings, declared.fileS ?? 0);
  const tablePath = join(folder, 'pts.bin');
  const { sound, list } = await readStreams(
    settings,
    { stream, source, folder, signal },
    tablePath,
  );
  const { table, identity } = list;
  if (table.frameCount === 0) throw badVideo('it has no frames');
  checkDuration(settings, secondsOf(table.lastPts - table.firstPts, stream));
  const missing = await missingFrames(settings, { stream, declared, list, source, signal });
  const seekable = await seekableKeyframes(settings, { stream, source, list, signal });
  return {
    video: {
      ...stream,
      ...{ frame_count: table.frameCount, first_pts: table.firstPts, sound },
      ...(missing.frames > 0 && { missing_frames: missing.frames }),
    },
    identity,
    keyframes: seekable.keyframes,
    tablePath,
    warnings: [...warnings, ...timeWarnings(list), ...missing.warnings, ...seekable.warnings],
  };
}

const COUNTED = 'Its frames are counted, and their timestamps follow from the frame rate.';
const NO_PTS_WARNING =
  `The timestamps of this video are missing or double. ${COUNTED} ` +
  'Each range is decoded from the start.';
const JUMP_WARNING =
  `The timestamps of this video jump back, as after a restart of a camera. ${COUNTED} ` +
  'Each range is decoded from the start.';

function timeWarnings({ identity, jumpsBack }: FrameList): string[] {
  if (identity === 'pts') return [];
  return [jumpsBack ? JUMP_WARNING : NO_PTS_WARNING];
}

interface ReadRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Decodes a frame, lists the streams of sound and lists the frames, at the same time. If several fail,
 * the error is that of the first in this order; the others are stopped.
 */
async function readStreams(
  settings: ProbeSettings,
  { signal, ...request }: ReadRequest,
  tablePath: string,
): Promise<{ readonly sound: readonly string[]; readonly list: FrameList }> {
  const stop = new AbortController();
  const stoppable = { ...request, signal: AbortSignal.any([signal, stop.signal]) };
  const decoding = decodeOneFrame(settings, stoppable);
  const listing = listFrames(settings, { ...stoppable, path: tablePath });
  const sounding = probeSound(settings, request.source, stoppable.signal);
  const ended = Promise.allSettled([decoding, sounding, listing]);
  try {
    await decoding;
    return { sound: await sounding, list: await listing };
  } finally {
    stop.abort();
    await ended;
  }
}

/** Headers can be right and nothing behind them; a video that gives one frame is accepted. */
async function decodeOneFrame(
  { ffmpeg, maxPixels }: ProbeSettings,
  { stream, source, folder, signal }: ReadRequest,
): Promise<void> {
  const map = ['-map', `0:${trackSpecifier(stream)}`, '-an', '-sn', '-dn'];
  const { ok, log } = await runFfmpeg({
    ffmpeg,
    folder,
    input: `file:${source}`,
    inputOptions: ['-threads', '1', ...untrustedInput('ffmpeg', maxPixels)],
    outputOptions: [...map, '-frames:v', '1', '-f', 'null'],
    output: '-',
    signal,
  });
  if (!ok) throw unreadable(log, maxPixels, 'its first frame cannot be decoded');
}
