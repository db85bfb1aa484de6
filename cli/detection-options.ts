import { type Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../domain/errors.js';
import { MAX_FAILED } from '../domain/recovery/limits.js';
import { DEVICES, FRAME_STORAGE, STILL_THRESHOLD } from '../domain/job/job-input.js';
import type { DetectionOptions } from '../client/index.js';

/** Values of the options as the parser gives them. */
export interface DetectionFlags {
  readonly every?: number;
  readonly vidStride?: number;
  readonly conf?: number;
  readonly iou?: number;
  readonly maxDet?: number;
  readonly classes?: string[];
  readonly model?: string;
  readonly device?: (typeof DEVICES)[number];
  /** False for `--no-preprocess`. */
  readonly preprocess: boolean;
  readonly blur?: number;
  readonly contrast?: number;
  readonly brightness?: number;
  readonly frames?: (typeof FRAME_STORAGE)[number];
  /** True for `--still` alone, false for `--no-still`. */
  readonly still?: number | boolean;
  readonly maxFailed?: number;
  readonly webhook?: string;
}

/** Adds the options that say how to detect, named as in the CLI of Ultralytics where it has them. */
export function addDetectionOptions(command: Command): Command {
  return command
    .option('--every <n>', 'detect every nth frame (default: 5)', toNumber)
    .option('--vid-stride <n>', 'the same as --every', toNumber)
    .option('--conf <0..1>', 'lowest confidence (default: 0.25)', toNumber)
    .option('--iou <0..1>', 'overlap above which boxes are one object (default: 0.45)', toNumber)
    .option('--max-det <n>', 'most objects per frame (default: 300)', toNumber)
    .option('--classes <list>', 'only these classes, by name or number: car,bus or 0,2', toClasses)
    .option('-m, --model <model>', 'name or name@version of the catalogue, or an .onnx file')
    .option('--device <device>', 'auto, cpu or gpu; also 0 or cuda:0 (default: auto)', toDevice)
    .option('--no-preprocess', 'leave the frames as they are')
    .option(
      '--blur <0|3>',
      'side of the Gaussian blur in pixels, 0 for none (default: 3)',
      toNumber,
    )
    .option('--contrast <n>', 'factor on each pixel value (default: 1.3)', toNumber)
    .option('--brightness <n>', 'added to each pixel value of 0 to 255 (default: 5)', toNumber)
    .addOption(
      new Option(
        '--frames <mode>',
        'store frames as an object each, packed per range, or not at all (default: objects)',
      ).choices([...FRAME_STORAGE]),
    )
    .option(
      '--still [0..255]',
      `detect only frames that change by more than this (alone: ${STILL_THRESHOLD}); others get the objects of the last`,
      toStill,
    )
    .option('--no-still', 'detect every sampled frame (the default)')
    .option(
      '--max-failed <0..1>',
      `share of the frames on which the network may fail before the job does (default: ${MAX_FAILED})`,
      toNumber,
    )
    .option('--webhook <url>', 'address that is told, signed, when the job has ended');
}

/** The options as a job takes them; what was not given is left out, so that defaults apply. */
export function detectionOptionsOf(flags: DetectionFlags): DetectionOptions {
  const { every, vidStride, conf, iou, maxDet, classes, model, device, frames } = flags;
  if (every !== undefined && vidStride !== undefined && every !== vidStride) {
    throw new AppError('INVALID_INPUT', '--every and --vid-stride are the same; give one of them.');
  }
  const preprocess = preprocessOf(flags);
  return withoutUndefined({
    every: every ?? vidStride,
    ...{ conf, iou, max_det: maxDet, classes, model, device, frames, preprocess },
    still: flags.still === true ? STILL_THRESHOLD : flags.still,
    max_failed: flags.maxFailed,
    webhook: flags.webhook === undefined ? undefined : { url: flags.webhook },
  });
}

function preprocessOf(flags: DetectionFlags): DetectionOptions['preprocess'] {
  const { blur, contrast, brightness } = flags;
  const given = withoutUndefined({
    blur: blur === undefined ? undefined : toKernel(blur),
    contrast,
    brightness,
  });
  const isGiven = Object.keys(given).length > 0;
  if (flags.preprocess) return isGiven ? given : undefined;
  if (!isGiven) return false;
  throw new AppError(
    'INVALID_INPUT',
    `--no-preprocess leaves nothing for --${Object.keys(given).join(', --')} to do; give one or the other.`,
  );
}

function toKernel(blur: number): 0 | 3 {
  if (blur === 0 || blur === 3) return blur;
  throw new AppError('INVALID_INPUT', `Expected --blur 0 or 3, received ${blur}.`);
}

function withoutUndefined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as T; // the same members, less those that hold nothing
}

/** A number of the command line. */
export function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** @example toStill('true') // true, which stands for the usual threshold */
function toStill(text: string): number | boolean {
  if (/^(true|on|yes)$/i.test(text)) return true;
  if (/^(false|off|no)$/i.test(text)) return false;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 255) return value;
  throw new InvalidArgumentError('Expected 0 to 255, or nothing: then it goes behind the video.');
}

/** @example toClasses('[0, 2]') // ['0', '2'] */
function toClasses(text: string): string[] {
  const names = text.replace(/^\s*\[|\]\s*$/g, '').split(',');
  const classes = names.map((name) => name.trim().replace(/^(['"])(.*)\1$/, '$2'));
  if (classes.every((name) => name !== '')) return classes;
  throw new InvalidArgumentError('Expected names or numbers with commas between them.');
}

/** @example toDevice('cuda:0') // 'gpu' */
function toDevice(text: string): (typeof DEVICES)[number] {
  const name = text.trim().toLowerCase();
  const device = /^(\d+|cuda(:\d+)?)$/.test(name) ? 'gpu' : name;
  const known = DEVICES.find((each) => each === device);
  if (known) return known;
  throw new InvalidArgumentError('Expected auto, cpu or gpu (or 0, cuda:0).');
}
