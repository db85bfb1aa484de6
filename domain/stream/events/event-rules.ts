import { isGap, type LogEntry } from '../entry.js';
import type { NotifyRule } from '../scenario-rules.js';
import { createRuleWatch, type EventChange } from './rule-watch.js';
import { endEvent, type StreamEvent } from './stream-event.js';

/** Makes events from the log of a scenario by its rules. */
export interface EventRules {
  /** Returns the changes of events that an entry causes. Entries are in the order of the log. */
  add(entry: LogEntry): EventChange[];
  /** Ends all open events. */
  close(): EventChange[];
}

/**
 * Creates the rules of a scenario.
 * @param known newest events of an earlier process, oldest first. Open ones are continued; those of
 * rules that no longer exist end with the first change. Rows that have counted may be added again.
 */
export function createEventRules(
  rules: readonly NotifyRule[],
  known: readonly StreamEvent[] = [],
): EventRules {
  const newestOf = (index: number) => known.findLast(({ rule }) => rule === index);
  const watches = rules.map((rule, index) => createRuleWatch(rule, index, newestOf(index)));
  const continued = new Set(rules.map((_, index) => newestOf(index)));
  let orphans = known.filter((event) => event.ended_at === null && !continued.has(event));
  const endOrphans = (): EventChange[] => {
    const ended = orphans.map((event) => ({ kind: 'ended' as const, event: endEvent(event) }));
    orphans = [];
    return ended;
  };
  const advance = (now: number) => [
    ...endOrphans(),
    ...watches.flatMap((watch) => watch.advance(now)),
  ];
  return {
    add: (entry) => {
      if (isGap(entry)) return advance(Date.parse(entry.gap.to));
      return [...endOrphans(), ...watches.flatMap((watch) => watch.addRow(entry))];
    },
    close: () => [...endOrphans(), ...watches.flatMap((watch) => watch.close())],
  };
}
