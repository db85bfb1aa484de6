import type { Command } from 'commander';
import type { SubmitOptions } from '../client/index.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
  toNumber,
} from './detection-options.js';

/** Options of a submission in addition to those of detection. */
export interface SubmitFlags extends DetectionFlags {
  readonly force?: boolean;
  readonly priority?: number;
  readonly eventId?: string;
}

/** Adds the options of a submission. */
export function addSubmitOptions(command: Command): Command {
  return addDetectionOptions(command)
    .option('--force', 'start a new job even if the same one exists')
    .option('--priority <1..5>', 'priority: 1 is the highest, 5 the lowest (default: 3)', toNumber)
    .option('--event-id <id>', 'event_id of the job (default: derived from its input)');
}

/** Returns the options of a submission; options that were not given are omitted. */
export function submitOptionsOf(flags: SubmitFlags): SubmitOptions {
  const { force, priority, eventId } = flags;
  return {
    ...detectionOptionsOf(flags),
    ...(force && { force }),
    ...(priority !== undefined && { priority }),
    ...(eventId !== undefined && { event_id: eventId }),
  };
}
