import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import sharp from 'sharp';
import { AppError, messageOf } from '../domain/errors.js';
import { backgroundSvg } from './background.js';
import { DRAWINGS } from './drawings.js';
import { FPS, FRAME_COUNT, groundTruth, SIZE, type TruthObject } from './scene.js';

const CHANNELS = 3;
const RAW = { ...SIZE, channels: CHANNELS } as const;
/** Number of frames drawn concurrently in the threads of sharp. */
const FRAMES_AT_ONCE = 8;

/** Parameters of the rendered video. */
export interface RenderRequest {
  /** Path of the MP4 file. */
  readonly path: string;
  readonly ffmpegPath: string;
  /** Called with numbers of frames. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Renders the sample video of {@link FRAME_COUNT} frames to an MP4 file, atomically. The output is
 * deterministic on a given machine.
 * @throws AppError `SETUP_FAILED` if ffmpeg cannot be started or cannot encode H.264.
 */
export async function renderSample({ path, ffmpegPath, onProgress }: RenderRequest): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  const encoder = execa(ffmpegPath, encoderArguments(temporary), {
    stdin: 'pipe',
    stdout: 'ignore',
    buffer: { stderr: true },
  });
  try {
    await Promise.all([encoder, pipeline(drawFrames(onProgress), encoder.stdin)]);
    await rename(temporary, path);
  } catch (cause) {
    encoder.kill('SIGKILL');
    throw new AppError('SETUP_FAILED', renderFailure(path, ffmpegPath, cause), { path }, { cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

function renderFailure(path: string, ffmpegPath: string, cause: unknown): string {
  return (
    `The sample video ${path} could not be rendered with "${ffmpegPath}": ${messageOf(cause)}. ` +
    'An ffmpeg with libx264 is required; set VIDETTE_FFMPEG to another executable.'
  );
}

function encoderArguments(output: string): string[] {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${SIZE.width}x${SIZE.height}`];
  const video = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '50'];
  // No version or date is written, so that the bytes depend only on the scene and the encoder.
  const exact = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact'];
  return [
    ...['-v', 'error', '-nostdin', '-y', ...raw, '-r', String(FPS), '-i', 'pipe:0'],
    ...[...video, '-pix_fmt', 'yuv420p', ...exact, '-f', 'mp4', output],
  ];
}

/** Renders one frame of the sample as PNG. */
export async function renderSampleFrame(frame: number): Promise<Buffer> {
  const pixels = await drawFrame(await drawBackground(), frame);
  return sharp(pixels, { raw: RAW }).png().toBuffer();
}

function drawBackground(): Promise<Buffer> {
  return sharp(Buffer.from(backgroundSvg(SIZE)))
    .removeAlpha()
    .raw()
    .toBuffer();
}

async function* drawFrames(onProgress: RenderRequest['onProgress']): AsyncGenerator<Buffer> {
  const background = await drawBackground();
  for (let first = 0; first < FRAME_COUNT; first += FRAMES_AT_ONCE) {
    const count = Math.min(FRAMES_AT_ONCE, FRAME_COUNT - first);
    const frames = Array.from({ length: count }, (_, offset) => first + offset);
    yield* await Promise.all(frames.map((frame) => drawFrame(background, frame)));
    onProgress?.(first + count, FRAME_COUNT);
  }
}

async function drawFrame(background: Buffer, frame: number): Promise<Buffer> {
  const sprites = groundTruth(frame).map((object) => ({
    input: Buffer.from(spriteSvg(object)),
    left: object.bbox[0],
    top: object.bbox[1],
  }));
  return sharp(background, { raw: RAW }).composite(sprites).removeAlpha().raw().toBuffer();
}

function spriteSvg({ class: className, bbox }: TruthObject): string {
  const { viewBox, markup } = DRAWINGS[className];
  const [xMin, yMin, xMax, yMax] = bbox;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${xMax - xMin}" height="${yMax - yMin}"
    viewBox="0 0 ${viewBox.width} ${viewBox.height}" preserveAspectRatio="none">${markup}</svg>`;
}
