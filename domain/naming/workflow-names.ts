/** Type name of the workflow: a contract with the Temporal CLI, the Web UI and schedules. */
export const VIDEO_DETECTION = 'VideoDetection';

/** Workflow that notifies a webhook of the end of a job. */
export const NOTIFY_WEBHOOK = 'NotifyWebhook';

/** Workflow that sends an alert to the channels of its rule. */
export const SEND_ALERT = 'SendAlert';

/** Workflow that deletes a job with everything that it stored. */
export const DELETE_JOB = 'DeleteJob';

/** Workflow that deletes old jobs, or only their frames. */
export const PRUNE_JOBS = 'PruneJobs';

/** Workflow that stores the sightings of ended jobs. */
export const INDEX_JOBS = 'IndexJobs';

/** Schedule that prunes jobs; users cannot take the id, because theirs have no separator. */
export const RETENTION_SCHEDULE = 'vidette/retention';

/** Workflows that render a video from the source and the detections of a job. */
export const RENDERS = {
  annotated: { workflow: 'AnnotateVideo', idPrefix: 'annotate-video/' },
  preview: { workflow: 'PreviewVideo', idPrefix: 'preview-video/' },
  sprite: { workflow: 'RenderSprite', idPrefix: 'render-sprite/' },
} as const;

/** The source with its objects drawn in, or in a form that browsers play, or small images of it. */
export type RenderKind = keyof typeof RENDERS;

export const RENDER_KINDS = Object.keys(RENDERS) as RenderKind[]; // the keys of this record

/** Workflow that renders the frames in which two results of one video differ. */
export const RENDER_REEL = 'RenderReel';

/** Workflow that renders a span of the video of a job. */
export const RENDER_CLIP = 'RenderClip';

/** Workflow that runs the jobs of several videos. */
export const VIDEO_BATCH = 'VideoBatch';

/** Workflow that predicts on many images and assembles one table of them. */
export const PREDICT_BATCH = 'PredictBatch';

/** Workflow that watches a camera: one per scenario. */
export const STREAM_DETECTION = 'StreamDetection';

/** Workflow that pauses, resumes or stops a scenario: for schedules, which can only start workflows. */
export const CONTROL_STREAM = 'ControlStream';
