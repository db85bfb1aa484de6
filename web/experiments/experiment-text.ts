import type { Arm, ExperimentStatus } from '../../domain/experiment/experiment.js';
import { element } from '../dom.js';

/** @example specOf(arm) // 'fish 4' */
export function specOf({ model }: Arm): string {
  return `${model.name} ${model.version}`;
}

/** Colours of statuses are those of jobs. */
const BADGES: Readonly<Record<ExperimentStatus, string>> = {
  running: 'processing',
  stopped: 'cancelled',
  decided: 'ready',
};

/** Badge that shows the status of an experiment by text and colour. */
export function experimentBadge(status: ExperimentStatus): HTMLElement {
  return element('span', { class: `status status-${BADGES[status]}` }, status);
}
