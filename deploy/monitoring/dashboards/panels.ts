import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Query in PromQL, and the text of its legend, in which `{{label}}` stands for a label. */
export type Query = readonly [expression: string, legend: string];

/** Units of values, by Grafana's names. */
export type Unit = 'short' | 's' | 'percentunit' | 'bytes' | 'reqps' | 'bool_yes_no';

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const [WIDTH, HEIGHT] = [8, 8];

/** A graph over time with one line per series. */
export function graph(title: string, unit: Unit, ...queries: readonly Query[]): Builder<Panel> {
  const panel = new TimeSeriesBuilder().title(title).unit(unit).datasource(SOURCE);
  for (const query of queries) panel.withTarget(targetOf(query));
  return panel.min(0).span(WIDTH).height(HEIGHT);
}

/** The present values, one per series. */
export function values(title: string, unit: Unit, ...queries: readonly Query[]): Builder<Panel> {
  const panel = new StatBuilder().title(title).unit(unit).datasource(SOURCE);
  for (const query of queries) panel.withTarget(targetOf(query));
  return panel.span(WIDTH).height(HEIGHT);
}

function targetOf([expression, legend]: Query): Builder<Dataquery> {
  return new DataqueryBuilder().datasource(SOURCE).expr(expression).legendFormat(legend);
}

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

/** Creates a dashboard of the last hour, for a Prometheus that its reader chooses. */
export function dashboard(uid: string, title: string, rows: readonly Row[]): DashboardBuilder {
  const board = new DashboardBuilder(title)
    .uid(uid)
    .tags(['vidette'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .withVariable(new DatasourceVariableBuilder('datasource').type('prometheus'));
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) board.withPanel(panel);
  }
  return board;
}

/** Rate per second over the interval that fits the graph. */
export function rate(metric: string): string {
  return `rate(${metric}[$__rate_interval])`;
}

/** Quantiles 0.5, 0.95 and 0.99 of a histogram, by labels. */
export function quantiles(metric: string, by: readonly string[] = []): readonly Query[] {
  const labels = ['le', ...by].join(', ');
  const legend = by.map((label) => `{{${label}}} `).join('');
  return [0.5, 0.95, 0.99].map((quantile): Query => {
    const buckets = `sum by (${labels}) (${rate(`${metric}_bucket`)})`;
    return [`histogram_quantile(${quantile}, ${buckets})`, `${legend}p${quantile * 100}`];
  });
}

/** Average of a histogram, by a label. */
export function average(metric: string, by: string): Query {
  const part = (suffix: string) => `sum by (${by}) (${rate(`${metric}_${suffix}`)})`;
  return [`${part('sum')} / ${part('count')}`, `{{${by}}}`];
}
