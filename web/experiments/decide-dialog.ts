import { describeEvidence } from '../../domain/experiment/describe-evidence.js';
import { decideExperiment, type ExperimentDetails } from '../api/experiments.js';
import { element } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { specOf } from './experiment-text.js';

/** Asks for a decision and its reason. @returns the decided experiment; undefined if the user cancels. */
export async function showDecideDialog(
  details: ExperimentDetails,
): Promise<ExperimentDetails | undefined> {
  const { experiment_id: id, arms, report } = details;
  const outcome = selectInput([
    ['keep', `Keep ${specOf(arms.champion)}`],
    ['promote', `Promote ${specOf(arms.challenger)}`],
  ]);
  const reason = element('input', { class: 'form-control', required: true, maxlength: 1000 });
  let decided: ExperimentDetails | undefined;
  await showFormDialog({
    title: 'Decide the experiment',
    content: [
      element('p', { class: 'evidence-sentence' }, `${describeEvidence(report)}.`),
      element(
        'div',
        { class: 'experiment-options' },
        field('Decision', outcome),
        field('Reason, for the history', reason),
      ),
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Decide'),
    send: async () => {
      const promote = outcome.value === 'promote';
      decided = await decideExperiment(id, { promote, reason: reason.value.trim() });
    },
  });
  return decided;
}
