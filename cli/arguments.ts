/** Options that take a value, under the names of this CLI and of Ultralytics' CLI. */
const VALUES = [
  'source',
  'every',
  'vid-stride',
  'conf',
  'iou',
  'max-det',
  'classes',
  'model',
  'device',
  'blur',
  'contrast',
  'brightness',
  'frames',
  'still',
  'track',
  'priority',
  'event-id',
  'out',
  'log-level',
];

/** Options without a value. */
const SWITCHES = ['force', 'json', 'exit', 'preprocess', 'tracking'];

const PAIR = /^([a-z][a-z_-]*)=(.*)$/s;
const OFF = /^(false|0|no|off)$/i;

/**
 * Rewrites arguments for the parser: `key=value` becomes `--key=value`, and `_` in a name becomes
 * `-`. Arguments after `--`, and pairs with an unknown key (a file name), are unchanged.
 * @example normaliseArguments(['detect', 'a.mp4', 'vid_stride=2']) // [..., '--vid-stride=2']
 */
export function normaliseArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return [...options.flatMap(normalise), ...(end < 0 ? [] : args.slice(end))];
}

function normalise(argument: string): string[] {
  const option = /^--([^=]+)(.*)$/s.exec(argument);
  if (option) return [`--${toDashes(option[1]!)}${option[2]!}`]; // both groups always match
  const pair = PAIR.exec(argument);
  const name = pair ? toDashes(pair[1]!) : ''; // the first group always matches
  if (pair && VALUES.includes(name)) return [`--${name}=${pair[2]!}`];
  if (pair && SWITCHES.includes(name)) return toSwitch(name, !OFF.test(pair[2]!));
  return [argument];
}

function toSwitch(name: string, on: boolean): string[] {
  if (name === 'preprocess') return on ? [] : ['--no-preprocess'];
  return on ? [`--${name}`] : [];
}

function toDashes(name: string): string {
  return name.replaceAll('_', '-');
}
