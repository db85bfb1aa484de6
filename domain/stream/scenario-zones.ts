import type { ZoneOrLine } from '../zone/zone.js';
import type { NotifyRule } from './scenario-rules.js';

interface ZonesOfScenario {
  readonly tracking?: boolean | undefined;
  readonly zones?: readonly ZoneOrLine[] | undefined;
  readonly notify: readonly NotifyRule[];
}

/** Returns what is wrong with the zones of a scenario, and with the zones that its rules name. */
export function listZoneProblems({ tracking, zones = [], notify }: ZonesOfScenario): string[] {
  const needsTracking = zones.length > 0 && !tracking;
  return [
    ...(needsTracking ? ['zones: need "tracking": true, because they follow tracks'] : []),
    ...notify.flatMap((rule, index) => listRuleProblems(rule, index, zones)),
  ];
}

function listRuleProblems(
  { zone, direction }: NotifyRule,
  index: number,
  zones: readonly ZoneOrLine[],
): string[] {
  const found = zones.find(({ name }) => name === zone);
  if (zone !== undefined && !found) {
    const known = zones.map(({ name }) => name).join(', ') || 'none';
    return [`notify.${index}.zone: unknown zone "${zone}" (zones of the scenario: ${known})`];
  }
  if (direction === undefined || found?.kind === 'line') return [];
  return [`notify.${index}.direction: only possible with the name of a line in "zone"`];
}
