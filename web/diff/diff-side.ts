import type { JobDetails } from '../../api/types.js';
import { jobPageHash } from '../api/jobs.js';
import { element } from '../dom.js';
import { confidenceSlider } from '../job/confidence-slider.js';
import { describeOptions } from '../jobs/job-text.js';

/** Side of a comparison. */
export type Side = 'a' | 'b';

interface DiffSideOptions {
  readonly job: JobDetails;
  /** Initial threshold, 0 to 1. */
  readonly conf: number;
  readonly onConf: (conf: number) => void;
}

/** Job of a side: the line of its boxes, its options, and the threshold of its objects. */
export function diffSide(side: Side, { job, conf, onConf }: DiffSideOptions): HTMLElement {
  const name = side.toUpperCase();
  const model = job.model ? `${job.model.name} ${job.model.version}` : job.event_id;
  const slider = confidenceSlider(conf, onConf, {
    ...{ label: `Minimum confidence of ${name}`, id: `confidence-${side}` },
    min: minConfidence(job),
  });
  return element(
    'section',
    { class: 'diff-side', 'aria-label': `Side ${name}` },
    element(
      'h2',
      {},
      element('span', { class: `diff-line is-${side}`, 'aria-hidden': 'true' }),
      element('a', { href: jobPageHash(job.event_id), title: job.event_id }, `${name}: ${model}`),
    ),
    element(
      'p',
      { class: 'small text-body-secondary' },
      `${side === 'a' ? 'Dashed' : 'Solid'} boxes. ${describeOptions(job)}`,
    ),
    slider,
  );
}

/** Minimum confidence of a job's detections, 0 to 1. */
export function minConfidence({ parameters }: JobDetails): number {
  return parameters?.conf ?? 0;
}
