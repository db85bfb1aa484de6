/** Sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Parses Prometheus' text format; skips lines that are not samples. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key, raw]) => [key, unescape(raw ?? '')]);
    return [
      { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) },
    ];
  });
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** Sum of all samples of a name; undefined without samples. */
export function total(samples: readonly Sample[], name: string): number | undefined {
  const found = samples.filter((sample) => sample.name === name);
  return found.length > 0 ? found.reduce((sum, { value }) => sum + value, 0) : undefined;
}

/** Value of the sample of a name that has a label; undefined without one. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  [label, value]: readonly [label: string, value: string],
): number | undefined {
  return samples.find((sample) => sample.name === name && sample.labels[label] === value)?.value;
}
