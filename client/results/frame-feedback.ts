import { AppError } from '../../domain/errors.js';
import { readPlan } from '../../domain/job/job-store.js';
import { readClasses } from '../../domain/model/model-classes.js';
import {
  type CorrectedObject,
  expectInside,
  newClasses,
} from '../../domain/result/corrected-objects.js';
import type { FrameFeedback, FrameFeedbackPosition } from '../../domain/result/frame-feedback.js';
import type { VidetteClientDeps } from '../deps.js';
import { jobNotFound } from '../jobs/runs.js';
import { invalidCursor, PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { frameRow } from './frames.js';

/** Correct objects of a frame. */
export interface FrameCorrection {
  readonly frame_id: number;
  /** Complete list, replacing the detected ones; empty for none. */
  readonly objects: readonly CorrectedObject[];
  readonly comment?: string | undefined;
  /** Person who gives it; their earlier feedback on the frame is replaced. */
  readonly by?: string | undefined;
}

/** Stored feedback on a frame. */
export interface StoredFrameFeedback {
  readonly event_id: string;
  readonly frame_id: number;
  /** Classes that the model of the job does not have. */
  readonly new_classes: readonly string[];
}

/** Page of the feedback on the frames of a job, by frame and then by person. */
export interface FrameFeedbackPage {
  readonly feedback: readonly FrameFeedback[];
  /** Cursor of the next page; null on the last page. */
  readonly next: string | null;
}

type Deps = Pick<VidetteClientDeps, 'documents' | 'models' | 'objects'>;

/**
 * Stores feedback on a detected frame of a job.
 * @throws AppError `JOB_NOT_FOUND`, `FRAME_NOT_FOUND`; `INVALID_INPUT` for a box outside the frame.
 */
export async function addFrameFeedback(
  { documents, models, objects }: Deps,
  eventId: string,
  { frame_id, objects: corrected, comment, by }: FrameCorrection,
): Promise<StoredFrameFeedback> {
  if (!(await documents.findEvent(eventId))) throw jobNotFound(eventId);
  const plan = await readPlan(objects, eventId);
  if (!plan || !(await frameRow(objects, eventId, frame_id))) throw noFrame(eventId, frame_id);
  expectInside(corrected, plan.video.size);
  await documents.frameFeedback.put({
    ...{ event_id: eventId, frame_id, objects: corrected, by: by ?? null, time: new Date() },
    ...(comment !== undefined && { comment }),
  });
  const labels = await readClasses(models, plan.model);
  return { event_id: eventId, frame_id, new_classes: newClasses(corrected, labels) };
}

/** Returns a page of the feedback on a job. @throws AppError `JOB_NOT_FOUND`. */
export async function frameFeedbackPage(
  { documents }: Pick<Deps, 'documents'>,
  eventId: string,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<FrameFeedbackPage> {
  if (!(await documents.findEvent(eventId))) throw jobNotFound(eventId);
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const found = await documents.frameFeedback.list({ eventId, limit: limit + 1, after });
  const feedback = found.slice(0, limit);
  const last = found.length > limit ? feedback.at(-1) : undefined;
  return { feedback, next: last ? `${last.frame_id}/${last.by ?? ''}` : null };
}

function parseCursor(cursor: string): FrameFeedbackPosition {
  const [, frame, by] = /^(\d{1,15})\/(.*)$/s.exec(cursor) ?? [];
  if (frame === undefined) throw invalidCursor();
  return { frame_id: Number(frame), by: by || null };
}

function noFrame(eventId: string, frame: number): AppError {
  return new AppError(
    'FRAME_NOT_FOUND',
    `Frame ${frame} of job ${eventId} has no detections: it was not sampled, was skipped, or is not processed yet.`,
    { event_id: eventId },
  );
}
