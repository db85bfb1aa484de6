interface Row {
  readonly name: string;
  readonly recoveredS?: number;
}

const HEADER = ['case', 'times', 'survived', 'median s', 'worst s'];

/** Returns a Markdown table: trials, survivals and recovery seconds of each case that ran. */
export function tableOf(names: readonly string[], records: readonly Row[]): string {
  const rows = names.flatMap((name) => {
    const trials = records.filter((record) => record.name === name);
    return trials.length === 0 ? [] : [rowOf(name, trials)];
  });
  const rule = HEADER.map((_, i) => (i === 0 ? '---' : '--:'));
  return [HEADER, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(name: string, trials: readonly Row[]): string[] {
  const seconds = trials.flatMap(({ recoveredS }) => recoveredS ?? []).sort((a, b) => a - b);
  const median = seconds[Math.floor((seconds.length - 1) / 2)];
  const shown = [median, seconds.at(-1)].map((value) => value?.toFixed(1) ?? '');
  return [name, String(trials.length), String(seconds.length), ...shown];
}
