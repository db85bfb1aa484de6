import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { PROGRESS_QUERY } from '../domain/job/progress.js';
import { NEW_RETRAIN, type RetrainProgress } from '../domain/retrain/retrain.js';

const progressQuery = defineQuery<RetrainProgress>(PROGRESS_QUERY);

/** Handles the query `progress`, and updates the details in Temporal. */
export function trackRetrain() {
  let progress = NEW_RETRAIN;
  const description = 'Stage, base, data set, scores, verdict, version and decision.';
  setHandler(progressQuery, () => progress, { description });
  return {
    get: () => progress,
    set: (change: Partial<RetrainProgress>) => {
      progress = { ...progress, ...change };
      setCurrentDetails(describe(progress));
    },
  };
}

function describe({
  stage,
  outcome,
  new_images,
  base,
  dataset,
  comparison,
  verdict,
  version,
  mlflow_version,
  decision,
}: RetrainProgress) {
  const from =
    base && dataset ? `: ${base.name}@${base.version} with ${dataset.name}@${dataset.version}` : '';
  const few =
    outcome === 'not-enough' && new_images
      ? [`Not enough: ${new_images.count} new images, ${new_images.required} are required.`]
      : [];
  const scores = comparison
    ? [
        `Champion ${comparison.champion.value.toFixed(3)}, challenger ${comparison.challenger.value.toFixed(3)} on ${comparison.images} test images.`,
      ]
    : [];
  const gate = verdict ? [`Gate: ${verdict.gate}. ${verdict.reasons.join(' ')}`.trim()] : [];
  const challenger = version === null ? [] : [`The challenger is version ${version}.`];
  const registered = mlflow_version === null ? [] : [`In MLflow it is version ${mlflow_version}.`];
  const end = decision
    ? [`${decision.promote ? 'Promoted' : 'Not promoted'} by ${decision.by}.`]
    : [];
  return [
    `**${stage}**${from}`,
    ...few,
    ...scores,
    ...gate,
    ...challenger,
    ...registered,
    ...end,
  ].join('\n\n');
}
