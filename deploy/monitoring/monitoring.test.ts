import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFile } from '../../platform/package-root.js';
import { dashboards } from './dashboards/index.js';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly annotations: { readonly summary: string; readonly runbook_url: string };
    }[];
  }[];
}

const read = (path: string) => readFileSync(projectFile(path), 'utf8');
const alerts = (parse(read('deploy/monitoring/rules/vidette.yml')) as Rules).groups.flatMap(
  ({ rules }) => rules,
);
const RULE_TESTS = parse(read('deploy/monitoring/tests/vidette.yml')) as {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
};

/** Anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

it.each(alerts.map(({ alert, ...rule }) => [alert, rule] as const))(
  'has a paragraph on the alert %s',
  (alert, { annotations }) => {
    const [page = '', anchor] = annotations.runbook_url.split('#');
    const sections = read(page).split(/^#+ /m);
    const section = sections.find((text) => anchorOf(text.split('\n')[0] ?? '') === anchor);
    expect(section?.split('\n')[0]).toBe(alert);
    expect(section?.split('\n').slice(1).join(' ').trim().length).toBeGreaterThan(80);
  },
);

it.each(alerts.map(({ alert }) => alert))('has a test in which %s fires', (alert) => {
  const fired = RULE_TESTS.tests
    .flatMap((test) => test.alert_rule_test)
    .filter(({ alertname, exp_alerts }) => alertname === alert && exp_alerts.length > 0);
  expect(fired).not.toEqual([]);
});

// After a change: `npm test -- deploy/monitoring -u` writes the files.
it.each(Object.entries(dashboards))('has built the dashboard %s', async (file, board) => {
  const json = `${JSON.stringify(board.build(), null, 2)}\n`;
  await expect(json).toMatchFileSnapshot(`./grafana/dashboards/${file}`);
});
