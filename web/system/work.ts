import type { Stream } from '../../api/types.js';
import { DETECT_QUEUES, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { listJobs } from '../api/jobs.js';
import { listStreams } from '../api/streams.js';
import { getMetrics } from '../api/system.js';
import { element } from '../dom.js';
import { formatCount, formatDuration, pluralize } from '../format.js';
import type { Fact } from '../parts/fact-grid.js';
import { type Tone, toneOfState } from '../streams/stream-text.js';
import { factList } from './facts.js';
import { parseMetrics, type Sample, valueOf } from './metrics.js';

/** Task queues of jobs by what waits in them. */
const QUEUES = [
  [VIDEO_QUEUE, 'Steps of jobs'],
  [DETECT_QUEUES.cpu, 'Ranges for CPUs'],
  [DETECT_QUEUES.gpu, 'Ranges for GPUs'],
] as const;

/** Running jobs, and what waits in the queues of jobs. */
export async function jobsOf(signal: AbortSignal): Promise<HTMLElement> {
  const [{ jobs, next }, metrics] = await Promise.all([
    listJobs({ status: 'processing' }, signal),
    getMetrics(signal),
  ]);
  const running = `${formatCount(jobs.length)}${next === null ? '' : ' or more'}`;
  const link = element('a', { href: '#/jobs' }, running);
  return factList([['Running jobs', link], ...queueFacts(parseMetrics(metrics ?? ''))]);
}

/** Waiting activities, the age of the oldest one and the workers of each queue that is in use. */
export function queueFacts(samples: readonly Sample[]): Fact[] {
  return QUEUES.flatMap(([queue, title]) => {
    const label = ['task_queue', queue] as const;
    const waiting = valueOf(samples, 'vidette_queue_backlog', label);
    const workers = valueOf(samples, 'vidette_queue_workers', label) ?? 0;
    const oldestS = valueOf(samples, 'vidette_queue_oldest_seconds', label) ?? 0;
    // Without a worker and work, a queue is not in use.
    if (waiting === undefined || (waiting === 0 && workers === 0)) return [];
    const age = waiting > 0 ? `, the oldest for ${formatDuration(oldestS)}` : '';
    const text = `${formatCount(waiting)} waiting${age}, ${pluralize(workers, 'worker')}`;
    return [[title, text] as const];
  });
}

/** Number of cameras by what they do. */
export async function camerasOf(signal: AbortSignal): Promise<HTMLElement> {
  const { streams, next } = await listStreams(null, signal);
  const facts = cameraFacts(streams);
  const all = element('a', { href: '#/cameras' }, 'all cameras');
  return factList([...facts, ['More', next === null ? all : 'only the newest are counted']]);
}

const GROUPS: readonly (readonly [Tone, string])[] = [
  ['seen', 'Live'],
  ['machine', 'Overloaded'],
  ['camera', 'Away'],
  ['waiting', 'Waiting'],
];

/** Counts the cameras that run; those that are paused are listed only if there are some. */
export function cameraFacts(streams: readonly Pick<Stream, 'state' | 'ended_at'>[]): Fact[] {
  const open = streams.filter(({ ended_at }) => ended_at === null);
  const count = (tone: Tone) => open.filter(({ state }) => toneOfState(state) === tone).length;
  const groups = GROUPS.map(([tone, title]) => [title, count(tone)] as const);
  const paused = count('off');
  return [
    ...groups.filter(([title, number]) => title === 'Live' || number > 0),
    ...(paused > 0 ? [['Paused', paused] as const] : []),
  ].map(([title, number]) => [title, formatCount(number)] as const);
}
