import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { element } from '../dom.js';
import { formatClock } from '../format.js';
import { themeColour } from '../theme.js';
import { confidenceCounts, type CountsByClass, countsOverTime } from './counts.js';
import type { Filter } from './filter.js';
import type { FrameEntry } from './frame-index.js';

Chart.register(BarController, BarElement, LineController, LineElement, PointElement);
Chart.register(CategoryScale, Filler, Legend, LinearScale, Tooltip);

const TIME_SPANS = 60;
const CONFIDENCE_SPANS = 20;
/** Maximum number of lines: more cannot be distinguished. */
const MAX_CLASSES = 8;

interface Charts {
  readonly root: HTMLElement;
  update(entries: readonly FrameEntry[], filter: Filter, durationMs: number): void;
}

interface ChartsOptions {
  readonly colourOf: (className: string) => string;
  readonly seek: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

/** Charts of the number of detections over time, where a click seeks, and of their confidences. */
export function charts({ colourOf, seek, signal }: ChartsOptions): Charts {
  const counts = figure(
    'Detections over time',
    'Maximum number of detections per frame, by class. Click to show the moment.',
  );
  const confidence = figure('Confidence', 'Number of detections by confidence, by class.');
  const line = createChart(counts.canvas, 'line');
  const bars = createChart(confidence.canvas, 'bar');
  let lengthMs = 0;
  line.options.onClick = (_, [point]) => {
    if (point) seek((point.index * lengthMs) / TIME_SPANS);
  };
  const recolour = () => {
    for (const chart of [line, bars]) {
      colourAxes(chart);
      chart.update('none');
    }
  };
  recolour();
  addEventListener('themechange', recolour, { signal });
  signal.addEventListener('abort', () => {
    line.destroy();
    bars.destroy();
  });
  const update = (entries: readonly FrameEntry[], filter: Filter, durationMs: number) => {
    lengthMs = durationMs;
    const time = { spans: TIME_SPANS, durationMs };
    const labels = Array.from({ length: TIME_SPANS }, (_, span) =>
      formatClock((span * durationMs) / TIME_SPANS / 1000),
    );
    const shares = Array.from({ length: CONFIDENCE_SPANS }, (_, span) =>
      (span / CONFIDENCE_SPANS).toFixed(2),
    );
    show(line, labels, countsOverTime(entries, filter, time), colourOf);
    show(bars, shares, confidenceCounts(entries, filter, CONFIDENCE_SPANS), colourOf);
  };
  return { root: element('div', { class: 'charts' }, counts.root, confidence.root), update };
}

function figure(title: string, description: string) {
  const canvas = element('canvas', { role: 'img', 'aria-label': description });
  const box = element('div', { class: 'chart' }, canvas);
  const text = element('p', { class: 'text-body-secondary small mb-2' }, description);
  return { canvas, root: element('section', {}, element('h3', {}, title), text, box) };
}

type AnyChart = Chart<'line' | 'bar', number[], string>;

function createChart(canvas: HTMLCanvasElement, type: 'line' | 'bar'): AnyChart {
  return new Chart<'line' | 'bar', number[], string>(canvas, {
    type,
    data: { labels: [], datasets: [] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      plugins: { legend: { position: 'bottom', labels: { boxWidth: 12 } } },
      scales: {
        x: { stacked: true, ticks: { maxTicksLimit: 7, maxRotation: 0 }, grid: { display: false } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 5 } },
      },
    },
  });
}

function colourAxes(chart: AnyChart): void {
  for (const axis of Object.values(chart.options.scales ?? {})) {
    if (axis?.ticks) axis.ticks.color = themeColour('--bs-secondary-color');
    if (axis?.grid) axis.grid.color = themeColour('--bs-border-color-translucent');
  }
  const labels = chart.options.plugins?.legend?.labels;
  if (labels) labels.color = themeColour('--bs-body-color');
}

function show(
  chart: AnyChart,
  labels: string[],
  counts: CountsByClass,
  colourOf: (className: string) => string,
): void {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const classes = [...counts].sort(([, a], [, b]) => sum(b) - sum(a)).slice(0, MAX_CLASSES);
  chart.data = {
    labels,
    datasets: classes.map(([label, data]) => ({
      ...{
        label,
        data: [...data],
        borderWidth: 1,
        pointRadius: 0,
        fill: true,
        stepped: 'middle' as const,
      },
      ...{ borderColor: colourOf(label), backgroundColor: fillColour(colourOf(label)) },
    })),
  };
  chart.update('none');
}

/** Makes a colour translucent so that the grid stays visible. */
const fillColour = (colour: string) => `${colour}bf`;
