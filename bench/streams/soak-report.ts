import { row } from '../report.js';
import type { PartUse, SoakSample } from './soak-sample.js';

/** Use of a part in the samples that count. */
interface PartTrend {
  readonly part: string;
  readonly first: PartUse;
  readonly last: PartUse;
  readonly highestRss: number;
}

/** Maximum relative growth of memory from the first sample that counts to the last one. */
const RSS_TOLERANCE = 0.1;
/** Growth in bytes that is never an error. */
const RSS_SLACK = 16 * 1024 ** 2;
/** Growth of the number of descriptors that is never an error: connections come and go. */
const DESCRIPTOR_SLACK = 8;
const NONE: PartUse = { processes: 0, rss: 0, descriptors: 0 };
const MIB = 1024 ** 2;

const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;

/** Formats a sample as lines of a table. */
export function formatSample({ minute, load, parts, scenarios }: SoakSample): string {
  const uses = Object.entries(parts).map(([part, { processes, rss, descriptors }]) =>
    row(`  ${part}`, `${processes} processes`, mib(rss), `${descriptors} fds`),
  );
  const cameras = scenarios.map((each) =>
    [
      `  ${each.kind} ${each.uuid} ${each.state}: ${each.rows} rows, lag ${each.lagMs ?? '-'} ms,`,
      `seen ${each.seenS.toFixed(1)} s, gaps ${formatGaps(each.gaps)},`,
      `${each.objects} objects, ${each.bytes} bytes`,
    ].join(' '),
  );
  return [`minute ${minute.toFixed(1)}, load ${load.toFixed(1)}`, ...uses, ...cameras].join('\n');
}

const formatGaps = (gaps: Readonly<Record<string, number>>) =>
  Object.entries(gaps)
    .map(([reason, seconds]) => `${reason} ${seconds.toFixed(1)} s`)
    .join(', ') || 'none';

/** Formats the growth of each part, and of the objects of each scenario. */
export function formatSoak(samples: readonly SoakSample[]): string {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const hours = (last.minute - first.minute) / 60;
  const parts = trendsOf(samples).map((trend) =>
    row(
      ...([trend.part, mib(trend.first.rss), mib(trend.last.rss), mib(trend.highestRss)] as const),
      ...[String(trend.first.descriptors), String(trend.last.descriptors)],
    ),
  );
  const cameras = last.scenarios.map((end, i) => {
    const start = first.scenarios[i]!;
    const perHour = (to: number, from: number) => ((to - from) / hours).toFixed(0);
    return row(
      ...([`${end.kind} ${end.uuid.slice(0, 8)}`, perHour(end.rows, start.rows)] as const),
      ...[perHour(end.objects, start.objects), perHour(end.bytes, start.bytes)],
    );
  });
  return [
    row('part', 'RSS first', 'last', 'highest', 'fds first', 'last'),
    ...[...parts, '', row('camera, per hour', 'rows', 'objects', 'bytes'), ...cameras],
  ].join('\n');
}

/** Returns the parts whose memory or descriptors grew. */
export function growthOf(samples: readonly SoakSample[]): string[] {
  return trendsOf(samples).flatMap(({ part, first, last }) => {
    const grown = last.rss - first.rss;
    const isLarger = grown > Math.max(RSS_SLACK, RSS_TOLERANCE * first.rss);
    const hasMore = last.descriptors > first.descriptors + DESCRIPTOR_SLACK;
    return [
      ...(isLarger ? [`${part}: memory grew by ${mib(grown)}`] : []),
      ...(hasMore ? [`${part}: ${last.descriptors - first.descriptors} more descriptors`] : []),
    ];
  });
}

function trendsOf(samples: readonly SoakSample[]): PartTrend[] {
  const [start, end] = [samples[0]!, samples.at(-1)!];
  return Object.entries(start.parts).map(([part, first]) => ({
    ...{ part, first, last: end.parts[part] ?? NONE },
    highestRss: Math.max(...samples.map(({ parts }) => parts[part]?.rss ?? 0)),
  }));
}
