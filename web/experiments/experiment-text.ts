import type { LabelCounts } from '../../domain/experiment/disagreements.js';
import type { Arm, ExperimentStatus } from '../../domain/experiment/experiment.js';
import type { ExperimentReport } from '../../domain/experiment/report.js';
import type { Experiment } from '../api/experiments.js';
import { element } from '../dom.js';
import { formatCount, pluralize } from '../format.js';

/** @example specOf(arm) // 'fish 4' */
export function specOf({ model }: Arm): string {
  return `${model.name} ${model.version}`;
}

/** @example experimentTitle(experiment) // 'fish 4 against fish 3' */
export function experimentTitle({ arms }: Pick<Experiment, 'arms'>): string {
  return `${specOf(arms.challenger)} against ${specOf(arms.champion)}`;
}

/** Difference of shares of labelled images above which the accuracies need an explanation. */
const UNEVEN = 0.1;

/** Which images are labelled, if that makes the accuracies those of other images; else undefined. */
export function labelsNote({ labels }: Pick<ExperimentReport, 'labels'>): string | undefined {
  if (!labels) return undefined;
  const { agree, differ } = labels;
  if (agree.images === 0 || differ.images === 0) return undefined;
  const share = (counts: LabelCounts) => counts.labelled / counts.images;
  if (Math.abs(share(differ) - share(agree)) <= UNEVEN) return undefined;
  return (
    `Labelled are ${countText(differ)} on which both differ, and ${countText(agree)} on which they ` +
    'agree. The accuracies are of labelled images, so they are not those of all images. The evidence ' +
    'counts only images on which both differ.'
  );
}

const countText = ({ images, labelled }: LabelCounts) =>
  `${formatCount(labelled)} of ${pluralize(images, 'image')}`;

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
