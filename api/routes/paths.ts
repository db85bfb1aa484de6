/** Path of the jobs. */
export const JOBS = '/api/v1/jobs';
/** Path of the batches of videos. */
export const BATCHES = '/api/v1/video-batches';
/** Path of one batch. */
export const BATCH = `${BATCHES}/:batch_id`;
/** Path of the batches of images. */
export const IMAGE_BATCHES = '/api/v1/batches';
/** Path of one batch of images. */
export const IMAGE_BATCH = `${IMAGE_BATCHES}/:batch_id`;
/** Path of one job. */
export const JOB = `${JOBS}/:event_id`;
/** Path of the alerts. */
export const ALERTS = '/api/v1/alerts';
/** Path of the scenarios. */
export const STREAMS = '/api/v1/streams';
/** Path of one scenario. */
export const STREAM = `${STREAMS}/:scenario_uuid`;
/** Path of the cameras. */
export const CAMERAS = '/api/v1/cameras';
/** Path of the kept images. */
export const KEPT_IMAGES = '/api/v1/pictures';
/** Path of the videos. */
export const VIDEOS = '/api/v1/videos';
/** Path of the named zones of a video. */
export const ZONE_SETS = `${VIDEOS}/:video_id/zones`;
/** Path of the sightings. */
export const SIGHTINGS = '/api/v1/sightings';
/** Path of one model of the catalogue. */
export const MODEL = '/api/v1/models/:name';
/** Path of the experiments. */
export const EXPERIMENTS = '/api/v1/experiments';
/** Path of one experiment. */
export const EXPERIMENT = `${EXPERIMENTS}/:experiment_id`;
/** Path of the rescorings. */
export const RESCORINGS = '/api/v1/rescorings';
/** Path of one rescoring. */
export const RESCORING = `${RESCORINGS}/:rescore_id`;
/** Path of the retrainings of all models. */
export const RETRAININGS = '/api/v1/retrainings';
/** Path of the data sets. */
export const DATASETS = '/api/v1/datasets';
/** Path of one data set. */
export const DATASET = `${DATASETS}/:name`;
/** Path of one version of a data set. */
export const DATASET_VERSION = `${DATASETS}/:spec`;
