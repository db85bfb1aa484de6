import type { CameraZoneCounts, EventPage, Stream, StreamAccount } from '../../client/index.js';
import { describePassage } from '../../domain/stream/events/describe-passage.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import { outColors as colors } from '../colors.js';
import { formatPairs, formatSeconds, formatTable, formatTime } from '../format.js';

const STATE_COLORS: Readonly<Record<StreamState, (text: string) => string>> = {
  waiting: colors.yellow,
  connecting: colors.cyan,
  live: colors.green,
  silent: colors.red,
  frozen: colors.red,
  refused: colors.red,
  unreachable: colors.red,
  overloaded: colors.yellow,
  paused: colors.yellow,
  stopped: colors.dim,
  ended: colors.dim,
};

function formatState(state: StreamState): string {
  return STATE_COLORS[state](state);
}

/** Formats scenarios as a table. */
export function formatStreams(streams: readonly Stream[]): string {
  if (streams.length === 0) return 'No scenarios. See a live one with: vidette streams try';
  const rows = streams.map(({ scenario_uuid, state, camera, fps, frame_number, since }) => [
    ...[scenario_uuid, formatState(state), camera ?? '-'],
    ...[fps > 0 ? fps.toFixed(1) : '-', String(frame_number ?? '-'), formatTime(since)],
  ]);
  return formatTable([['SCENARIO', 'STATE', 'CAMERA', 'FPS', 'ROWS', 'SINCE'], ...rows]);
}

/** Formats a scenario with its parameters. */
export function formatStream(stream: Stream): string {
  const { state, parameters, model, lag_ms, frame_number, outcome } = stream;
  return formatPairs([
    ['scenario', stream.scenario_uuid],
    ['state', formatState(state)],
    ['message', stream.message],
    ['since', stream.since && formatTime(stream.since)],
    ['camera', stream.camera],
    ['camera id', parameters && parameters.camera_id],
    ['model', model && `${model.name}@${model.version}`],
    ['fps', parameters && `${stream.fps.toFixed(1)} of ${parameters.fps}`],
    ['lag', lag_ms === null ? null : `${lag_ms} ms`],
    ['rows', frame_number === null ? null : String(frame_number)],
    ['worker id', stream.worker_id === null ? null : String(stream.worker_id)],
    ['started', formatTime(stream.started_at)],
    ['ended', stream.ended_at && formatTime(stream.ended_at)],
    ['seen', outcome && `${outcome.frames} rows in ${formatSeconds(outcome.seen_s)}`],
    ['workflow', stream.workflow_id],
  ]);
}

/** Formats the account of a span, with the contradictions of its log. */
export function formatAccount(account: StreamAccount): string {
  const { from, to, frames, seen_s, gaps, problems } = account;
  const total = (Date.parse(to) - Date.parse(from)) / 1000;
  const share = (seconds: number) =>
    total > 0 ? `${((100 * seconds) / total).toFixed(2)} %` : '-';
  const rows = [['seen', seen_s] as const, ...Object.entries(gaps)].map(([name, seconds]) => [
    `  ${name}`,
    formatSeconds(seconds),
    share(seconds),
  ]);
  const head = `${formatTime(from)} to ${formatTime(to)}: ${formatSeconds(total)}, ${frames} rows`;
  const lines = problems.map((problem) => `  problem: ${problem}`);
  return [head, formatTable(rows), ...lines].join('\n');
}

/** Formats events as a table. */
export function formatEvents({ events }: Pick<EventPage, 'events'>): string {
  if (events.length === 0) {
    return 'No events. Rules in "notify" and zones in "zones" of a scenario make events.';
  }
  const rows = events.map((event) => [
    ...[event.event_id, formatTime(event.started_at), formatTime(event.ended_at)],
    ...[event.classes.join(','), event.confidence.toFixed(2), event.clip?.state ?? '-'],
    ...[event.zone ? describePassage(event.zone) : '-'],
  ]);
  return formatTable([['EVENT', 'STARTED', 'ENDED', 'CLASSES', 'CONF', 'CLIP', 'ZONE'], ...rows]);
}

/** Formats the passages of each minute as a table. */
export function formatPassages({ minutes }: CameraZoneCounts): string {
  if (minutes.length === 0) return 'No object passed a zone or line.';
  const rows = minutes.map((row) => [
    ...[formatTime(row.minute), row.zone, row.class],
    ...[row.entered, row.left, row.in, row.out].map(String),
  ]);
  return formatTable([['MINUTE', 'ZONE', 'CLASS', 'ENTERED', 'LEFT', 'IN', 'OUT'], ...rows]);
}
