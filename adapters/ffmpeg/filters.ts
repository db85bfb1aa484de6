import type { ContentSize, ResizeKernel } from '../../domain/model/content-size.js';
import type { FrameIdentity, SampledFrame } from '../../domain/video/frame-range.js';
import type { Preprocess } from '../../domain/job/job-input.js';
import type { VideoInfo } from '../../domain/video/video.js';

/** File that the decoder writes the PTS of each frame to, in the folder that ffmpeg runs in. */
export const PTS_FILE = 'pts.txt';

/** Kernel 1 2 1 in both directions, as OpenCV's GaussianBlur of size 3 has it. */
const GAUSSIAN_3 = '1 2 1 2 4 2 1 2 1';
/** Limited range: luma 16 to 235 (219 steps), chroma 16 to 240 (224 steps) around 128. */
const LUMA = { offset: 16, steps: 219 };
const CHROMA = { center: 128, steps: 224 };

/** Factor that lets a PTS pass once: damaged indexes make decoders give frames twice. */
export const ONCE = '*if(isnan(prev_selected_pts),1,gt(pts,prev_selected_pts))';

/** Lets exactly the sampled frames through and writes their PTS; stops behind the last one. */
export function selectFilters(identity: FrameIdentity, frames: readonly SampledFrame[]): string[] {
  return [
    ...selectingFilters(identity, frames),
    // Only frames with metadata are printed, so each gets some.
    'metadata=add:key=vidette:value=1',
    `metadata=print:file=${PTS_FILE}:direct=1`,
  ];
}

/** Lets exactly the sampled frames through; stops behind the last one. */
export function selectingFilters(
  identity: FrameIdentity,
  frames: readonly SampledFrame[],
): string[] {
  const key = (frame: SampledFrame) => (identity === 'pts' ? frame.pts : frame.frame);
  const values = frames.map(key);
  const end = values.at(-1)! + 1;
  const [variable, trim] = identity === 'pts' ? ['pts', 'end_pts'] : ['n', 'end_frame'];
  return [
    `trim=${trim}=${end}`,
    `select='${oneOf(variable, values)}${identity === 'pts' ? ONCE : ''}'`,
  ];
}

/**
 * Expression that is 1 where a variable is one of ascending values: a balanced tree, so that a
 * frame costs log2(n) comparisons.
 * @example oneOf('n', [0, 5]) // 'if(lt(n,5),eq(n,0),eq(n,5))'
 */
export function oneOf(variable: string, values: readonly number[]): string {
  if (values.length === 1) return `eq(${variable},${values[0]})`;
  const middle = values.length >> 1;
  const left = oneOf(variable, values.slice(0, middle));
  const right = oneOf(variable, values.slice(middle));
  return `if(lt(${variable},${values[middle]}),${left},${right})`;
}

/** Brings any video to limited-range yuv420p of its displayed size, BT.601 as JPEG has it. */
export function normaliseFilters(video: VideoInfo): string[] {
  const { width, height } = video.size;
  const options = [`scale=${width}:${height}:flags=bilinear`];
  if (isFullRange(video)) options.push('in_range=pc', 'out_range=tv');
  if (/^(bt709|smpte240m|fcc|bt2020)/.test(video.color_space))
    options.push('out_color_matrix=bt601');
  return [options.join(':'), 'format=yuv420p'];
}

const TURNS: Readonly<Record<number, readonly string[]>> = {
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};

/**
 * {@link normaliseFilters} for frames as they are stored, whatever size each has: the scaling brings
 * them to one size, and only then are they turned to how they are displayed.
 */
export function turnFilters(video: VideoInfo): string[] {
  const { size, rotation } = video;
  const isOnItsSide = rotation % 180 !== 0;
  const stored = isOnItsSide ? { width: size.height, height: size.width } : size;
  return [...normaliseFilters({ ...video, size: stored }), ...(TURNS[rotation] ?? [])];
}

function isFullRange({ color_range, pixel_format }: VideoInfo): boolean {
  return color_range === 'pc' || pixel_format.startsWith('yuvj');
}

/** Options of `scale` for each kernel: the parameters of `bicubic` are those of Catmull and Rom. */
const SCALE_FLAGS: Readonly<Record<ResizeKernel, string>> = {
  lanczos3: 'flags=lanczos',
  bicubic: 'flags=bicubic:param0=0:param1=0.5',
  bilinear: 'flags=bilinear',
  nearest: 'flags=neighbor',
};

function scaleTo({ width, height, kernel = 'bilinear' }: ContentSize): string {
  return `scale=${width}:${height}:${SCALE_FLAGS[kernel]}`;
}

/** Scales to the content size of the model's input, planar G, B, R, by the tags of the frames. */
export function modelInputFilters(content: ContentSize): string[] {
  return [scaleTo(content), 'format=gbrp'];
}

/**
 * {@link modelInputFilters} for frames that {@link normaliseFilters} converted: these keep the tags
 * of their source, so the matrix and range are given.
 */
export function normalisedInputFilters(content: ContentSize): string[] {
  const colours = 'in_color_matrix=bt601:in_range=tv';
  return [`${scaleTo(content)}:${colours}`, 'format=gbrp'];
}

/**
 * OpenCV's GaussianBlur 3 and `value * contrast + brightness`, done on YUV planes: the linear map
 * of RGB is the same map on luma and, without the brightness, on chroma.
 * @param output `limited` keeps the range, `full` also stretches it to 0..255 for JPEG.
 */
export function preprocessFilters(
  preprocess: Preprocess | false,
  output: 'limited' | 'full',
): string[] {
  const { blur, contrast, brightness } = preprocess || { blur: 0, contrast: 1, brightness: 0 };
  const isIdentity = contrast === 1 && brightness === 0;
  const linear =
    output === 'limited' && isIdentity ? [] : [linearMap(contrast, brightness, output)];
  return [...(blur === 3 ? [gaussian3()] : []), ...linear];
}

function gaussian3(): string {
  const planes = [0, 1, 2].map((plane) => `${plane}m='${GAUSSIAN_3}':${plane}rdiv=1/16`);
  return `convolution=${planes.join(':')}`;
}

function linearMap(contrast: number, brightness: number, output: 'limited' | 'full'): string {
  const full = output === 'full';
  const lumaGain = contrast * (full ? 255 / LUMA.steps : 1);
  const lumaOffset = full ? brightness : LUMA.offset + (brightness * LUMA.steps) / 255;
  const chromaGain = contrast * (full ? 255 / CHROMA.steps : 1);
  const y = `clip(${lumaGain}*(val-${LUMA.offset})+${lumaOffset}+0.5,0,255)`;
  const c = `clip(${chromaGain}*(val-${CHROMA.center})+${CHROMA.center}+0.5,0,255)`;
  return `lutyuv=y='${y}':u='${c}':v='${c}'`;
}
