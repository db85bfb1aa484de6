/** Names that are contracts: of workflows, buckets, objects and ids. */
export { BUCKETS, NAME_METADATA } from './naming/buckets.js';
export {
  CLIP_BOXES,
  type ClipBoxes,
  type ClipId,
  clipOfKey,
  nameClip,
} from './naming/clip-names.js';
export { rescoreIdOfKey, retrainIdOfKey, retrainIdOfReport } from './naming/ids-of-keys.js';
export {
  expectId,
  expectScenarioUuid,
  expectSha256,
  ID,
  isId,
  predictionId,
  SCENARIO_UUID,
  SHA256,
} from './naming/ids.js';
export {
  IMAGE_BATCHES_PREFIX,
  RESCORINGS_PREFIX,
  TRAINING_PREFIX,
  tracksPrefix,
  trainingPrefix,
  UPLOADS_PREFIX,
  VIDEO_SUFFIX,
  VIDEOS_PREFIX,
} from './naming/key-prefixes.js';
export { keys } from './naming/keys.js';
export {
  CHECKPOINT_LIST,
  isDataFile,
  KERAS_MODEL_FILE,
  MANIFEST_FILE,
  MODEL_FILE,
} from './naming/model-files.js';
export {
  clipObjects,
  frameObjects,
  imageBatchObjects,
  jobObjects,
  type ObjectGroup,
  reelObjects,
  rescoreObjects,
  zoneObjects,
} from './naming/object-groups.js';
export { nameReel, type ReelId, reelOfKey } from './naming/reel-names.js';
export {
  CONTROL_STREAM,
  DELETE_JOB,
  INDEX_JOBS,
  NOTIFY_WEBHOOK,
  PREDICT_BATCH,
  PRUNE_JOBS,
  RENDER_CLIP,
  RENDER_KINDS,
  RENDER_REEL,
  type RenderKind,
  RENDERS,
  RETENTION_SCHEDULE,
  SEND_ALERT,
  STREAM_DETECTION,
  VIDEO_BATCH,
  VIDEO_DETECTION,
} from './naming/workflow-names.js';
export { zonesNameOfKey } from './naming/zone-set-names.js';
