import {
  type ClipId,
  expectId,
  expectScenarioUuid,
  isId,
  nameClip,
  nameReel,
  type ReelId,
  type RenderKind,
  RENDERS,
  SCENARIO_UUID,
} from './names.js';

/** @example workflowIdOf('e1') // 'video-detection/e1' */
export function workflowIdOf(eventId: string): string {
  return `${WORKFLOW_ID_PREFIX}${eventId}`;
}

const IMAGE_BATCH_WORKFLOW = 'predict-batch/';

/** @example imageBatchWorkflowIdOf('fish-1') // 'predict-batch/fish-1' */
export function imageBatchWorkflowIdOf(batchId: string): string {
  return `${IMAGE_BATCH_WORKFLOW}${expectId('a batch_id', batchId)}`;
}

/** @example imageBatchIdOfWorkflow('predict-batch/fish-1') // 'fish-1' */
export function imageBatchIdOfWorkflow(workflowId: string): string {
  return workflowId.startsWith(IMAGE_BATCH_WORKFLOW)
    ? workflowId.slice(IMAGE_BATCH_WORKFLOW.length)
    : workflowId;
}

const RESCORE_WORKFLOW = 'rescore/';

/** @example rescoreWorkflowIdOf('rescore-1') // 'rescore/rescore-1' */
export function rescoreWorkflowIdOf(rescoreId: string): string {
  return `${RESCORE_WORKFLOW}${expectId('a rescore_id', rescoreId)}`;
}

/** @example rescoreIdOfWorkflow('rescore/rescore-1') // 'rescore-1' */
export function rescoreIdOfWorkflow(workflowId: string): string {
  return workflowId.startsWith(RESCORE_WORKFLOW)
    ? workflowId.slice(RESCORE_WORKFLOW.length)
    : workflowId;
}

const RETRAIN_WORKFLOW = 'retrain/';

/** @example retrainWorkflowIdOf('fish') // 'retrain/fish' */
export function retrainWorkflowIdOf(model: string): string {
  return `${RETRAIN_WORKFLOW}${expectId('a model name', model)}`;
}

/** Returns the model of a workflow that retrains one; undefined for the id of another workflow. */
export function modelOfRetrainWorkflow(workflowId: string): string | undefined {
  const model = workflowId.slice(RETRAIN_WORKFLOW.length);
  return workflowId.startsWith(RETRAIN_WORKFLOW) && isId(model) ? model : undefined;
}

const BATCH_WORKFLOW = 'video-batch/';

/** @example batchIdOfWorkflow('video-batch/batch-1') // 'batch-1' */
export function batchIdOfWorkflow(workflowId: string): string {
  return workflowId.slice(BATCH_WORKFLOW.length);
}

/** @example batchWorkflowIdOf('batch-1') // 'video-batch/batch-1' */
export function batchWorkflowIdOf(batchId: string): string {
  return `${BATCH_WORKFLOW}${expectId('a batch_id', batchId)}`;
}

const STREAM_PREFIX = 'stream/';

/** @example streamWorkflowIdOf('5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c') // 'stream/5f0c2d5e-…' */
export function streamWorkflowIdOf(scenarioUuid: string): string {
  return `${STREAM_PREFIX}${expectScenarioUuid(scenarioUuid)}`;
}

/** Returns the scenario of a workflow; undefined for the id of another workflow. */
export function scenarioUuidOf(workflowId: string): string | undefined {
  const uuid = workflowId.slice(STREAM_PREFIX.length);
  return workflowId.startsWith(STREAM_PREFIX) && SCENARIO_UUID.test(uuid) ? uuid : undefined;
}

/** Id of the workflow that sends a notice of a scenario. */
export function streamWebhookIdOf(scenarioUuid: string, noticeId: string): string {
  return `webhook/stream/${expectScenarioUuid(scenarioUuid)}/${expectId('a notice id', noticeId)}`;
}

/**
 * Id of the workflow that sends an alert: Temporal starts it once.
 * @example alertWorkflowIdOf('street-1.person.2') // 'alert/street-1/person/2'
 */
export function alertWorkflowIdOf(alertId: string): string {
  return `alert/${alertId.replaceAll('.', '/')}`;
}

/** @example renderWorkflowIdOf('e1', 'annotated') // 'annotate-video/e1' */
export function renderWorkflowIdOf(eventId: string, kind: RenderKind): string {
  return `${RENDERS[kind].idPrefix}${expectId('an event_id', eventId)}`;
}

/** @example reelWorkflowIdOf({ a: 'e1', b: 'e2', conf_a: 0.25, conf_b: 0.3 }) // 'render-reel/e1.e2/0.25_0.3' */
export function reelWorkflowIdOf(reel: ReelId): string {
  return `render-reel/${nameReel(reel)}`;
}

/** @example clipWorkflowIdOf({ event_id: 'e1', from_ms: 0, to_ms: 800, boxes: 'all' }) // 'render-clip/e1/0_800.all' */
export function clipWorkflowIdOf(clip: ClipId): string {
  return `render-clip/${expectId('an event_id', clip.event_id)}/${nameClip(clip)}`;
}

/** @example deletionWorkflowIdOf('e1') // 'delete-job/e1' */
export function deletionWorkflowIdOf(eventId: string): string {
  return `delete-job/${expectId('an event_id', eventId)}`;
}

/** Maximum length of a fairness key in Temporal, in bytes; a task with a longer one is rejected. */
const FAIRNESS_KEY_MAX = 64;

/**
 * Fairness key of a job's tasks: its event id, of which a long one keeps the end, because derived
 * ids differ there. Ids are ASCII.
 */
export function fairnessKeyOf(eventId: string): string {
  return eventId.slice(-FAIRNESS_KEY_MAX);
}

export const WORKFLOW_ID_PREFIX = 'video-detection/';
