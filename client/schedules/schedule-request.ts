import { AppError } from '../../domain/errors.js';
import { type JobInput, type JobRequest, parseJobInput } from '../../domain/job/job-input.js';
import type { RetrainOptions } from '../../domain/retrain/retrain-request.js';
import { expectTimes, type ScheduleTimes } from './schedule-times.js';

export interface ScheduleRequest extends ScheduleTimes {
  /** Input of each run; must not have an `event_id`, because each run is a new job. */
  readonly input: JobRequest;
}

/** Schedule of retrainings; a run that is due while the previous one is running is skipped. */
export interface RetrainScheduleRequest extends Omit<ScheduleTimes, 'overlap'> {
  /** Name of the model. */
  readonly model: string;
  readonly options?: RetrainOptions;
}

/** Validates a request; returns the input of its runs. @throws AppError `INVALID_INPUT`. */
export function parseScheduleRequest({ input, ...times }: ScheduleRequest): JobInput {
  expectTimes(times);
  if (input.event_id !== undefined) {
    throw new AppError(
      'INVALID_INPUT',
      'A schedule cannot have a fixed event_id: each run is a new job with an id of schedule and time.',
    );
  }
  return parseJobInput(input);
}
