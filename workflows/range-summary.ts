import type { ProbedEvent } from '../domain/job/activity-contracts.js';
import type { Device } from '../domain/job/task-queues.js';

/**
 * Returns the summary of an activity on a range, for Temporal's Web UI.
 * @example rangeSummary(plan, 2, 'cpu') // 'range 2: frames 400 to 595, cpu'
 */
export function rangeSummary(
  { bounds }: Pick<ProbedEvent, 'bounds'>,
  range: number,
  device?: Device,
): string {
  const [from, end] = [bounds?.[range], bounds?.[range + 1]];
  const frames = from === undefined || end === undefined ? '' : `: frames ${from} to ${end - 1}`;
  return `range ${range}${frames}${device === undefined ? '' : `, ${device}`}`;
}
