import { AppError } from './errors.js';

/** Type name of the workflow: a contract with the Temporal CLI, the Web UI and schedules. */
export const VIDEO_DETECTION = 'VideoDetection';

/** Database and collections of the document store. */
export const DATABASE = 'runner_db';
export const EVENTS = 'events';
export const PREDICTIONS = 'runner_predictions';

/** Keywords that Temporal's lists of jobs can be searched by. */
export const SEARCH_ATTRIBUTES = ['EventId', 'VideoId', 'JobStatus', 'ModelName'] as const;

export const BUCKETS = {
  videos: 'videos',
  frames: 'frames',
  results: 'results',
  models: 'models',
} as const;

const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a text can be an event id, a video id or a model name: no separators, at most 128. */
export function isId(text: string): boolean {
  return ID.test(text);
}

function id(kind: string, text: string): string {
  if (isId(text)) return text;
  throw new AppError(
    'INVALID_INPUT',
    `Expected ${kind} of at most 128 letters, digits, "_" or "-", received ${JSON.stringify(text.slice(0, 80))}`,
  );
}

/** Object keys, each made in this one place from checked parts. */
export const keys = {
  /** @example keys.video('cars') // 'input/cars.mp4' */
  video: (videoId: string) => `input/${id('a video_id', videoId)}.mp4`,
  /** @example keys.frame('e1', 35) // 'frames/e1/35.jpg' */
  frame: (eventId: string, frame: number) => `frames/${id('an event_id', eventId)}/${frame}.jpg`,
  /** @example keys.pack('e1', 2) // 'frames/e1/2.pack' */
  pack: (eventId: string, range: number) => `frames/${id('an event_id', eventId)}/${range}.pack`,
  /** Which frames of a range are stored, and which could not be decoded. */
  frameIndex: (eventId: string, range: number) =>
    `frames/${id('an event_id', eventId)}/${range}.json`,
  frameTable: (eventId: string) => `tables/${id('an event_id', eventId)}/pts.bin`,
  plan: (eventId: string) => `tables/${id('an event_id', eventId)}/plan.json`,
  part: (eventId: string, range: number) => `parts/${id('an event_id', eventId)}/${range}.jsonl`,
  result: (eventId: string) => `results/${id('an event_id', eventId)}.json`,
  model: (name: string, version: number) => `${id('a model name', name)}/${version}/model.onnx`,
  manifest: (name: string, version: number) =>
    `${id('a model name', name)}/${version}/manifest.json`,
} as const;

/** `_id` of a prediction document. */
export function predictionId(eventId: string, frame: number): string {
  return `${eventId}/${frame}`;
}

/** @example workflowIdOf('e1') // 'video-detection/e1' */
export function workflowIdOf(eventId: string): string {
  return `${WORKFLOW_ID_PREFIX}${eventId}`;
}

export const WORKFLOW_ID_PREFIX = 'video-detection/';
