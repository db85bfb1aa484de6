import {
  type Experiment,
  type ExperimentMode,
  NO_COUNTS,
} from '../../domain/experiment/experiment.js';
import { sha256 } from '../../domain/hash.js';
import type { LoggedPrediction } from '../../domain/result/prediction-log.js';

const model = (version: number) => ({ name: 'fish', version, sha256: sha256(`fish@${version}`) });

/** Running experiment of the versions 3 and 4 of a model. */
export function experimentOf(
  mode: ExperimentMode,
  { share = 0.5, ...fields }: Partial<Experiment> & { readonly share?: number } = {},
): Experiment {
  return {
    ...{ experiment_id: 'fish-0123456789ab', serves: 'fish', mode, key: 'header' },
    arms: {
      champion: { model: model(3), share: mode === 'shadow' ? 1 : 1 - share },
      challenger: { model: model(4), share },
    },
    ...{ status: 'running', by: 'anna', started_at: new Date(0), ended_at: null, decision: null },
    counts: NO_COUNTS,
    ...fields,
  };
}

/** Prediction of the audit sample, whose image is named by its number. */
export function auditedPrediction(
  number: number,
  fields: Partial<LoggedPrediction> & { readonly label?: string | undefined } = {},
): LoggedPrediction {
  const { label, ...rest } = fields;
  const prediction_id = number.toString(16).padStart(24, '0');
  const image = sha256(`image ${number}`);
  const time = new Date(number);
  return {
    ...{ prediction_id, image_hash: '', predicted_class: 'cod', confidence: 0.9, time },
    ...{ prediction_time: 0.01, model: model(3), audit: true },
    experiment: { id: 'fish-0123456789ab', arm: 'champion' },
    picture: { bucket: 'pictures', key: '', sha256: image, width: 1, height: 1 },
    feedback: label === undefined ? [] : [{ prediction_id, class: label, time }],
    ...rest,
  };
}
