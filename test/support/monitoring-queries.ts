import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { dashboards } from '../../deploy/monitoring/dashboards/index.js';
import { projectFile } from '../../platform/package-root.js';

/** A query of a dashboard or of an alert. */
export interface NamedQuery {
  readonly name: string;
  readonly expression: string;
}

/** Interval of Grafana's rates, which a test waits for. */
const RATE_INTERVAL = '2m';

interface Panel {
  readonly title?: string;
  readonly targets?: readonly { readonly expr?: string }[];
}

/** Queries of all panels of all dashboards. */
export function dashboardQueries(): NamedQuery[] {
  return Object.entries(dashboards).flatMap(([file, board]) => {
    // Rows contain no panels: they are headings between them.
    const panels = (board.build().panels ?? []) as readonly Panel[];
    return panels.flatMap(({ title = '', targets = [] }) =>
      targets.map(({ expr = '' }) => ({
        name: `${file}: ${title}`,
        expression: expr.replaceAll('$__rate_interval', RATE_INTERVAL),
      })),
    );
  });
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const RULES = projectFile('deploy/monitoring/rules/vidette.yml');
const CONNECTIVES = /\s(?:or|and on \([^)]*\))\s/;
const COMPARISON = /\s(?:>|<|==)\s[\d.]+$/;

/** What alerts compare with their limits: one query for each comparison. */
export function alertQueries(): NamedQuery[] {
  const { groups } = parse(readFileSync(RULES, 'utf8')) as Rules;
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ alert, expr }) =>
      expr.split(CONNECTIVES).map((operand) => {
        if (!COMPARISON.test(operand)) throw new Error(`${alert} compares nothing: ${operand}`);
        return { name: alert, expression: operand.replace(COMPARISON, '') };
      }),
    ),
  );
}
