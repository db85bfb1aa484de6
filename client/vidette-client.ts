import { type Alerts, createAlerts } from './alerts/alerts.js';
import { type Batches, createBatches } from './batches/batches.js';
import { createDatasets, type Datasets } from './datasets/datasets.js';
import { createDeletionMethods, type DeletionMethods } from './deletion/deletion-methods.js';
import type { VidetteClientDeps } from './deps.js';
import { createExperiments, type Experiments } from './experiments/experiments.js';
import { createImageBatches, type ImageBatches } from './image-batches/image-batches.js';
import { createJobMethods, type JobMethods } from './jobs/job-methods.js';
import { createLibraryMethods, type LibraryMethods } from './library-methods.js';
import { createLineage, type Lineage } from './lineage/lineage.js';
import { createModels, type Models } from './model-aliases.js';
import { createRenderMethods, type RenderMethods } from './renders/render-methods.js';
import { createRescorings, type Rescorings } from './rescore/rescorings.js';
import { createResultMethods, type ResultMethods } from './results/result-methods.js';
import { createRetrainings, type Retrainings } from './retrain/retrainings.js';
import { createReviews, type Reviews } from './reviews/reviews.js';
import { createSchedules, type Schedules } from './schedules/schedules.js';
import { type CameraList, createCameraList } from './streams/cameras.js';
import { createStreams, type Streams } from './streams/streams.js';
import { createZoneSets, type ZoneSets } from './zones/zone-sets.js';

/**
 * Client for jobs. Methods that wait continue through restarts of Temporal; others throw
 * AppError `SERVER_UNAVAILABLE` if a server does not answer.
 */
export interface VidetteClient
  extends JobMethods, ResultMethods, RenderMethods, LibraryMethods, DeletionMethods {
  readonly models: Models;
  readonly experiments: Experiments;
  readonly datasets: Datasets;
  readonly schedule: Schedules;
  readonly batches: Batches;
  readonly imageBatches: ImageBatches;
  readonly retrainings: Retrainings;
  /** What models and data sets were made from. */
  readonly lineage: Lineage;
  /** Another model over what a model has predicted already. */
  readonly rescorings: Rescorings;
  readonly reviews: Reviews;
  readonly streams: Streams;
  readonly cameras: CameraList;
  /** Log of alerts, and tests of their channels. */
  readonly alerts: Alerts;
  /** Named zones and lines of videos. */
  readonly zoneSets: ZoneSets;
}

/** Creates a client on connections that the caller owns. */
export function createVidetteClient(deps: VidetteClientDeps): VidetteClient {
  const models = createModels(deps);
  return {
    ...createJobMethods(deps),
    ...createResultMethods(deps),
    ...createRenderMethods(deps),
    ...createLibraryMethods(deps),
    ...createDeletionMethods(deps),
    models,
    experiments: createExperiments({
      ...deps,
      promote: (name, move) => models.promote(name, move),
    }),
    datasets: createDatasets(deps),
    schedule: createSchedules(deps),
    batches: createBatches(deps),
    imageBatches: createImageBatches(deps),
    retrainings: createRetrainings(deps),
    lineage: createLineage(deps),
    rescorings: createRescorings(deps),
    reviews: createReviews(deps),
    streams: createStreams(deps),
    cameras: createCameraList(deps),
    alerts: createAlerts(deps),
    zoneSets: createZoneSets(deps),
  };
}
