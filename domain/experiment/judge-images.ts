import { predictionContent } from '../dataset/feedback-content.js';
import { settleVerdicts, type Verdict } from '../dataset/verdicts.js';
import type { LoggedPrediction } from '../result/prediction-log.js';
import type { ArmName, ShadowPrediction } from './experiment.js';

/** Image of the audit sample with the best class of each arm that ran on it; null if the arm failed. */
export interface JudgedImage {
  /** Id of the oldest prediction of the image. */
  readonly prediction_id: string;
  /** True class; undefined until a person has given it, and while people disagree. */
  readonly label: string | undefined;
  readonly answers: Readonly<Partial<Record<ArmName, string | null>>>;
}

/** Answers of challengers by the id of the prediction. */
export type Shadows = ReadonlyMap<string, Pick<ShadowPrediction, 'predicted_class'>>;

/**
 * Returns the images that may judge an experiment: those of the audit sample, which is chosen before their
 * results are known. Other feedback comes mostly on wrong answers of the model that is served, and would
 * let the challenger win against an equal model. An image counts once, however often it was sent.
 * @param predictions of the experiment, in any order.
 */
export function judgeImages(
  predictions: readonly LoggedPrediction[],
  shadows: Shadows,
): JudgedImage[] {
  const images = new Map<string, LoggedPrediction[]>();
  for (const prediction of predictions.toSorted(byId)) {
    const image = prediction.picture?.sha256;
    if (!prediction.audit || image === undefined) continue;
    const known = images.get(image);
    if (known) known.push(prediction);
    else images.set(image, [prediction]);
  }
  return [...images.values()].map((ofImage) => ({
    prediction_id: ofImage[0]!.prediction_id, // an image has a prediction
    label: labelOf(ofImage),
    answers: answersOf(ofImage, shadows),
  }));
}

/** Answers of the oldest prediction of each arm. */
function answersOf(
  predictions: readonly LoggedPrediction[],
  shadows: Shadows,
): JudgedImage['answers'] {
  const answers: Partial<Record<ArmName, string | null>> = {};
  for (const { prediction_id, experiment, predicted_class } of predictions) {
    const shadow = shadows.get(prediction_id);
    if (experiment && !(experiment.arm in answers)) answers[experiment.arm] = predicted_class;
    if (shadow && !('challenger' in answers)) answers.challenger = shadow.predicted_class;
  }
  return answers;
}

function labelOf(predictions: readonly LoggedPrediction[]): string | undefined {
  const verdicts = predictions.flatMap(verdictsOf);
  return verdicts.length === 0 ? undefined : settleVerdicts(verdicts).verdict?.content.label;
}

function verdictsOf(prediction: LoggedPrediction): Verdict[] {
  const { prediction_id } = prediction;
  return prediction.feedback.flatMap(({ by = null, time, ...given }, index) => {
    const content = predictionContent('classify', given, prediction);
    const facts = { by, time, source: { prediction_id } };
    return content ? [{ ...facts, content, feedback_id: `${prediction_id}/${index}` }] : [];
  });
}

function byId(a: LoggedPrediction, b: LoggedPrediction): number {
  return a.prediction_id < b.prediction_id ? -1 : 1;
}
