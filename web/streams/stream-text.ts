import type { LogEntry, Stream } from '../../api/types.js';
import type { GapReason } from '../../domain/stream/gap.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import { formatDuration, formatPercent, joinFacts, pluralize } from '../format.js';

/** Texts of states for badges. */
const STATES: Readonly<Record<StreamState, string>> = {
  waiting: 'waiting',
  connecting: 'connecting',
  live: 'live',
  silent: 'no video',
  frozen: 'image frozen',
  refused: 'login refused',
  unreachable: 'unreachable',
  overloaded: 'overloaded',
  paused: 'paused',
  stopped: 'stopped',
  ended: 'file ended',
};

export const stateText = (state: StreamState): string => STATES[state];

/** Kinds of time of a camera: seen, or the party that has to act to see again. */
export type Tone = 'seen' | 'waiting' | 'camera' | 'machine' | 'off';

const STATE_TONES: Readonly<Record<StreamState, Tone>> = {
  ...{ live: 'seen', overloaded: 'machine', waiting: 'waiting', connecting: 'waiting' },
  ...{ silent: 'camera', frozen: 'camera', refused: 'camera', unreachable: 'camera' },
  ...{ paused: 'off', stopped: 'off', ended: 'off' },
};

export const toneOfState = (state: StreamState): Tone => STATE_TONES[state];

const REASONS: Readonly<Record<GapReason, readonly [Tone, string]>> = {
  starting: ['waiting', 'starting'],
  waiting_slot: ['waiting', 'waiting for a slot'],
  connecting: ['waiting', 'connecting'],
  camera_unreachable: ['camera', 'camera unreachable'],
  camera_refused: ['camera', 'login refused'],
  camera_closed: ['camera', 'camera closed the connection'],
  camera_silent: ['camera', 'camera sent no video'],
  picture_frozen: ['camera', 'image frozen'],
  undecodable: ['camera', 'frame not decodable'],
  overload: ['machine', 'machine overloaded'],
  worker_lost: ['machine', 'worker lost'],
  host_suspended: ['machine', 'machine suspended'],
  store_full: ['machine', 'store full'],
  clock_changed: ['machine', 'clock changed'],
  paused: ['off', 'paused'],
  ended: ['off', 'stopped or ended'],
};

export const toneOfReason = (reason: GapReason): Tone => REASONS[reason][0];
export const reasonText = (reason: GapReason): string => REASONS[reason][1];

/** Whether a camera sends images that can be shown. */
export const hasImages = ({ state }: Pick<Stream, 'state'>): boolean =>
  state === 'live' || state === 'overloaded' || state === 'frozen';

/** Name of a camera: its id, or its address if it was deployed with a URL. */
export function nameOf({
  parameters,
  camera,
  scenario_uuid,
}: Pick<Stream, 'parameters' | 'camera' | 'scenario_uuid'>): string {
  const id = parameters?.camera_id;
  if (id !== undefined && !id.startsWith(scenario_uuid)) return id;
  if (camera === null) return scenario_uuid;
  return camera.startsWith('file:') ? fileName(camera) : camera;
}

const fileName = (url: string) => decodeURIComponent(url.split('/').at(-1) ?? url);

/** Time for which a camera has been in its state. @example describeSince('…', now) // '12 min 4 s' */
export const describeSince = (since: string | null, now: number): string =>
  since === null ? '' : formatDuration(Math.max(0, (now - Date.parse(since)) / 1000));

/** @example describeRate(stream) // '2.0 fps · 210 ms lag' */
export const describeRate = ({ fps, lag_ms }: Pick<Stream, 'fps' | 'lag_ms'>): string =>
  lag_ms === null ? '' : joinFacts([`${fps.toFixed(1)} fps`, `${Math.round(lag_ms)} ms lag`]);

/** @example describeParameters(stream) // 'yolox_nano 1 · 2 fps · from 25 % · person, car' */
export function describeParameters({ model, parameters }: Stream): string {
  const { fps, conf, classes, gate, tracking } = parameters ?? {};
  return joinFacts([
    model && `${model.name} ${model.version}`,
    fps !== undefined && `${fps} fps`,
    conf !== undefined && `from ${formatPercent(conf)}`,
    classes?.join(', '),
    tracking === true && 'follows objects',
    gate !== undefined && gate !== 'off' && `gate ${gate}`,
  ]);
}

/** Objects of a row by class, the most frequent first. @example '2 person, 1 car' */
export function describeObjects(detections: readonly { readonly class: string }[]): string {
  if (detections.length === 0) return 'nothing';
  const counts = new Map<string, number>();
  for (const { class: name } of detections) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** @example describeEvents(3) // '3 events today' */
export const describeEvents = (count: number, isMore: boolean): string =>
  `${isMore ? 'over ' : ''}${pluralize(count, 'event')} today`;

/** Whether an entry is a row. */
export const isRow = (entry: LogEntry): entry is Extract<LogEntry, { frame_number: number }> =>
  'frame_number' in entry;
