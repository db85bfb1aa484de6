import {
  assignArm,
  type AssignmentFacts,
  assignmentKeyOf,
  hashKey,
  placeOf,
} from '../../domain/experiment/assignment.js';
import type { ArmName } from '../../domain/experiment/experiment.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import type { ActiveExperiment } from './experiment-watch.js';

/** Part that the prediction of an image takes in an experiment. */
export interface Participation {
  readonly active: ActiveExperiment;
  readonly arm: ArmName;
  /** Model that answers. */
  readonly model: LocalModel;
  /** Whether the challenger runs on the image after the response, unless it is one of the audit sample. */
  readonly isShadowed: boolean;
  /** Fields of the record of the prediction. */
  readonly fields: Pick<ImagePredictionRecord, 'experiment' | 'subject'>;
}

/** Assigns the prediction of an image. @param champion the model in use. */
export function takePart(
  active: ActiveExperiment,
  champion: LocalModel,
  facts: AssignmentFacts,
): Participation {
  const { experiment, challenger } = active;
  const { experiment_id: id, mode, arms } = experiment;
  const key = assignmentKeyOf(facts, experiment.key);
  const isShadow = mode === 'shadow';
  const arm = isShadow ? 'champion' : assignArm(experiment, key);
  return {
    ...{ active, arm, model: arm === 'champion' ? champion : challenger },
    isShadowed: isShadow && placeOf(id, key) < arms.challenger.share,
    fields: { experiment: { id, arm }, ...(!isShadow && { subject: hashKey(id, key) }) },
  };
}

/**
 * Value of the header `X-Vidette-Arm` of a response of a split, a dictionary of RFC 9651. The header is
 * absent in a shadow experiment, whose challenger answers no request.
 */
export function armHeader({ active: { experiment }, arm, model }: Participation): string {
  const { name, version } = model.manifest;
  return `arm=${arm}, experiment="${experiment.experiment_id}", model="${name}@${version}"`;
}
