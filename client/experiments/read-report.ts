import type { ArmName, Experiment, ShadowPrediction } from '../../domain/experiment/experiment.js';
import { type ExperimentReport, reportExperiment } from '../../domain/experiment/report.js';
import type { ArmKeys } from '../../domain/experiment/sample-ratio.js';
import type { ArmPrediction, LoggedPrediction } from '../../domain/result/prediction-log.js';
import type { VidetteClientDeps } from '../deps.js';

type Documents = Pick<VidetteClientDeps['documents'], 'experiments' | 'imagePredictions'>;

/** Number of the newest predictions by which the sample ratio and the times are computed. */
const NEWEST = 5000;
const PAGE = 500;
/** Maximum number of predictions of the audit sample that are read, the newest first. */
const AUDITED_MAX = 100_000;

/** Reads the figures and the evidence of an experiment. */
export async function readReport(
  documents: Documents,
  experiment: Experiment,
): Promise<ExperimentReport> {
  const { experiment_id: id } = experiment;
  const newest = await documents.imagePredictions.listOfExperiment(id, NEWEST);
  const newestShadows = await documents.experiments.listShadows(id, NEWEST);
  const { audited, shadows } = await readAudited(documents, id);
  return reportExperiment({
    ...{ experiment, audited, shadows, keys: countKeys(newest) },
    seconds: {
      champion: secondsOf(newest, 'champion'),
      challenger: [
        ...secondsOf(newest, 'challenger'),
        ...newestShadows.flatMap(({ predicted_class, inference_s }) =>
          predicted_class === null ? [] : inference_s,
        ),
      ],
    },
  });
}

/** Reads the predictions of the audit sample of an experiment, and the challenger's answers to them. */
export async function readAudited(
  { experiments, imagePredictions }: Documents,
  experiment: string,
) {
  const audited: LoggedPrediction[] = [];
  const shadows = new Map<string, ShadowPrediction>();
  for (let before: string | undefined; audited.length < AUDITED_MAX;) {
    const page = await imagePredictions.list({ limit: PAGE, before, audit: true, experiment });
    const ids = page.map(({ prediction_id }) => prediction_id);
    for (const shadow of await experiments.findShadows(ids))
      shadows.set(shadow.prediction_id, shadow);
    audited.push(...page);
    if (page.length < PAGE) break;
    before = ids.at(-1);
  }
  return { audited, shadows };
}

function countKeys(predictions: readonly ArmPrediction[]): ArmKeys {
  const keysOf = (name: ArmName) =>
    predictions.flatMap(({ experiment, subject }) =>
      experiment?.arm === name ? (subject ?? []) : [],
    );
  return {
    champion: new Set(keysOf('champion')).size,
    challenger: new Set(keysOf('challenger')).size,
  };
}

function secondsOf(predictions: readonly ArmPrediction[], arm: ArmName): readonly number[] {
  return predictions.flatMap(({ experiment, prediction_time }) =>
    experiment?.arm === arm ? prediction_time : [],
  );
}
