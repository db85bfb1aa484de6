import type { Experiment } from '../api/experiments.js';
import { element, fill } from '../dom.js';
import { experimentTitle } from '../experiments/experiment-text.js';
import { field, selectInput } from '../parts/fields.js';

/** What disagrees: people by default, else the models of a rescoring or of an experiment. */
export interface Disagreement {
  readonly rescoring?: string;
  readonly experiment?: string;
}

const PREFIXES = { rescoring: 'rescoring:', experiment: 'experiment:' } as const;

/** What labels of only the disagreements do to the figures of an experiment. */
const BIAS =
  'These are the images of the audit sample on which both versions differ. The evidence counts no ' +
  'others, so these labels are enough to decide the experiment. The accuracies on its page are of all ' +
  'labelled images: if only these are labelled, they are not those of all images, mostly too low. To ' +
  'know the accuracies, review the whole audit sample.';

/** Field that selects what disagrees, and what labels do to the figures of an experiment. */
export function disagreementField(experiments: readonly Experiment[], query: URLSearchParams) {
  const rescoring = query.get('rescoring');
  const experiment = query.get('experiment');
  const shadows = experiments.filter(({ mode }) => mode === 'shadow');
  const isListed = shadows.some(({ experiment_id: id }) => id === experiment);
  const select = selectInput(
    [
      ['', 'People'],
      ...(rescoring === null
        ? []
        : [[`${PREFIXES.rescoring}${rescoring}`, `Models of the rescoring ${rescoring}`] as const]),
      ...(experiment === null || isListed
        ? []
        : [[`${PREFIXES.experiment}${experiment}`, `Experiment ${experiment}`] as const]),
      ...shadows.map(
        (each) =>
          [
            `${PREFIXES.experiment}${each.experiment_id}`,
            `Experiment ${experimentTitle(each)} (${each.experiment_id})`,
          ] as const,
      ),
    ],
    selectedIn({ rescoring, experiment }),
  );
  const root = field('Between', select);
  const note = element('p', { class: 'text-body-secondary', role: 'note' });
  const read = (): Disagreement => {
    const { value } = select;
    if (value.startsWith(PREFIXES.rescoring))
      return { rescoring: value.slice(PREFIXES.rescoring.length) };
    if (value.startsWith(PREFIXES.experiment))
      return { experiment: value.slice(PREFIXES.experiment.length) };
    return {};
  };
  const show = (isShown: boolean) => {
    root.hidden = !isShown;
    note.hidden = !isShown || read().experiment === undefined;
    fill(note, note.hidden ? null : BIAS);
  };
  return { root, note, read, show };
}

function selectedIn({ rescoring, experiment }: Record<keyof Disagreement, string | null>): string {
  if (experiment !== null) return `${PREFIXES.experiment}${experiment}`;
  return rescoring === null ? '' : `${PREFIXES.rescoring}${rescoring}`;
}
