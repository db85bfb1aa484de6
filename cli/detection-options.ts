import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AlertRule, alertRulesSchema } from '../domain/alert/alert-rule.js';
import { AppError, messageOf } from '../domain/errors.js';
import { listProblems } from '../domain/schema-problems.js';
import { MAX_FAILED } from '../domain/recovery/limits.js';
import { DEVICES, FRAME_STORAGE, STILL_THRESHOLD } from '../domain/job/job-input.js';
import type { DetectionOptions } from '../client/index.js';

/** Values of the options as parsed. */
export interface DetectionFlags {
  readonly every?: number;
  readonly vidStride?: number;
  readonly conf?: number;
  readonly iou?: number;
  readonly maxDet?: number;
  readonly classes?: string[];
  readonly from?: number;
  readonly to?: number;
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
  readonly track?: number;
  readonly tracking?: boolean;
  readonly webhook?: string;
  readonly alerts?: AlertRule[];
}

/** Adds the detection options, under the names of Ultralytics' CLI if it has them. */
export function addDetectionOptions(command: Command): Command {
  return command
    .option('--every <n>', 'process every nth frame (default: 5)', toNumber)
    .option('--vid-stride <n>', 'alias of --every', toNumber)
    .option('--conf <0..1>', 'minimum confidence (default: 0.25)', toNumber)
    .option('--iou <0..1>', 'IoU threshold of non-maximum suppression (default: 0.45)', toNumber)
    .option('--max-det <n>', 'maximum number of objects per frame (default: 300)', toNumber)
    .option(
      '--classes <list>',
      'only these classes, by name or index, such as car,bus or 0,2',
      toClasses,
    )
    .option('--from <seconds>', 'process frames from this time (default: the start)', toNumber)
    .option('--to <seconds>', 'process frames before this time (default: the end)', toNumber)
    .option(
      '-m, --model <model>',
      'name, name@version or name@alias in the catalogue, or an .onnx or .keras file',
    )
    .option('--device <device>', 'auto, cpu or gpu; also 0 or cuda:0 (default: auto)', toDevice)
    .option('--no-preprocess', 'do not blur frames or change their contrast and brightness')
    .option(
      '--blur <0|3>',
      'kernel size of the Gaussian blur in pixels; 0 disables it (default: 3)',
      toNumber,
    )
    .option('--contrast <n>', 'factor applied to pixel values (default: 1.3)', toNumber)
    .option('--brightness <n>', 'offset added to pixel values, 0 to 255 (default: 5)', toNumber)
    .addOption(
      new Option(
        '--frames <mode>',
        'store each frame as an object, packed per range, or not at all (default: objects)',
      ).choices([...FRAME_STORAGE]),
    )
    .option(
      '--still [0..255]',
      `skip inference on frames that change by at most this much (without a value: ${STILL_THRESHOLD}) and reuse the last objects`,
      toStill,
    )
    .option('--no-still', 'run inference on every sampled frame (default)')
    .option(
      '--max-failed <0..1>',
      `share of frames on which the model may fail before the job fails (default: ${MAX_FAILED})`,
      toNumber,
    )
    .option(
      '--track <n>',
      'video track of a file with several, from 0 (default: the one marked as default)',
      toNumber,
    )
    .option('--tracking', 'follow objects from frame to frame, so that each one gets an id')
    .option('--no-tracking', 'do not follow objects (default)')
    .option('--webhook <url>', 'URL that receives a signed notification when the job ends')
    .option('--alerts <file>', 'JSON file with rules that send alerts of detections', toAlertRules);
}

/** Returns the options of a job; options that were not given are omitted, so that defaults apply. */
export function detectionOptionsOf(flags: DetectionFlags): DetectionOptions {
  const { every, vidStride, conf, iou, maxDet, classes, model, device, frames } = flags;
  if (every !== undefined && vidStride !== undefined && every !== vidStride) {
    throw new AppError(
      'INVALID_INPUT',
      '--every and --vid-stride are the same option; give one of them.',
    );
  }
  const preprocess = preprocessOf(flags);
  return withoutUndefined({
    every: every ?? vidStride,
    ...{ conf, iou, max_det: maxDet, classes, model, device, frames, preprocess },
    ...{ from_ms: toMs(flags.from), to_ms: toMs(flags.to) },
    still: flags.still === true ? STILL_THRESHOLD : flags.still,
    max_failed: flags.maxFailed,
    track: flags.track,
    tracking: flags.tracking,
    webhook: flags.webhook === undefined ? undefined : { url: flags.webhook },
    alerts: flags.alerts,
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
    `--no-preprocess cannot be combined with --${Object.keys(given).join(', --')}.`,
  );
}

/** Reads the rules of a JSON file. */
function toAlertRules(file: string): AlertRule[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`Cannot read the rules: ${messageOf(error)}`);
  }
  const { data, error } = alertRulesSchema.safeParse(content);
  if (data) return data;
  throw new InvalidArgumentError(`Invalid rules: ${listProblems(error, 'rules').join('; ')}`);
}

/** Converts seconds to milliseconds, to a thousandth. */
function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1e3;
}

function toKernel(blur: number): 0 | 3 {
  if (blur === 0 || blur === 3) return blur;
  throw new AppError('INVALID_INPUT', `Expected --blur 0 or 3, received ${blur}.`);
}

function withoutUndefined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as T; // the members that are defined
}

/** Parses a number. */
export function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

export function toCount(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}

/** @example toStill('true') // true: the default threshold */
function toStill(text: string): number | boolean {
  if (/^(true|on|yes)$/i.test(text)) return true;
  if (/^(false|off|no)$/i.test(text)) return false;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 255) return value;
  throw new InvalidArgumentError(
    'Expected a number from 0 to 255. To use --still without one, put it after the video.',
  );
}

/** @example toClasses('[0, 2]') // ['0', '2'] */
export function toClasses(text: string): string[] {
  const names = text.replace(/^\s*\[|\]\s*$/g, '').split(',');
  const classes = names.map((name) => name.trim().replace(/^(['"])(.*)\1$/, '$2'));
  if (classes.every((name) => name !== '')) return classes;
  throw new InvalidArgumentError('Expected class names or indices, separated by commas.');
}

/** @example toDevice('cuda:0') // 'gpu' */
function toDevice(text: string): (typeof DEVICES)[number] {
  const name = text.trim().toLowerCase();
  const device = /^(\d+|cuda(:\d+)?)$/.test(name) ? 'gpu' : name;
  const match = DEVICES.find((each) => each === device);
  if (match) return match;
  throw new InvalidArgumentError('Expected auto, cpu or gpu (or 0, cuda:0).');
}
