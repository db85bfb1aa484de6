/** Database of the document store, and its collections. */
export const DATABASE = 'runner_db';
export const EVENTS = 'events';
export const BATCHES = 'batches';
/** Batches of images. */
export const IMAGE_BATCHES = 'image_batches';
export const PREDICTIONS = 'runner_predictions';
export const REQUESTS = 'requests';
export const API_KEYS = 'api_keys';
/** Predictions of single images, and feedback on them. */
export const IMAGE_PREDICTIONS = 'predictions';
export const PREDICTION_FEEDBACK = 'prediction_feedback';
/** Experiments, and the answers of challengers that run in the shadow of a champion. */
export const EXPERIMENTS = 'experiments';
export const SHADOW_PREDICTIONS = 'shadow_predictions';
/** Feedback on frames of jobs. */
export const FRAME_FEEDBACK = 'frame_feedback';
/** Feedback on images that was imported into data sets. */
export const IMPORTED_FEEDBACK = 'imported_feedback';
/** Uses of the kept images. */
export const KEPT_IMAGES = 'pictures';
/** Scenarios, as a mirror of their workflows, and the events of their cameras. */
export const SCENARIOS = 'scenarios';
export const STREAM_EVENTS = 'stream_events';
/** Videos that have a result, and the spans in which jobs and cameras detected a class. */
export const LIBRARY_VIDEOS = 'videos';
export const SIGHTINGS = 'sightings';
/** Log of alerts, and their deliveries to channels. */
export const ALERTS = 'alerts';
export const ALERT_DELIVERIES = 'alert_deliveries';
/** Searches for sightings that FerretDB is answering. */
export const SEARCHES = 'searches';
/** Sealed URLs of cameras. */
export const CAMERAS = 'cameras';
