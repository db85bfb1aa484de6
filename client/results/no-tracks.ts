import { AppError } from '../../domain/errors.js';

/**
 * Error of a request that needs tracks, for a job that has none.
 * @param use what needs them, such as "zones count tracks"
 */
export function noTracks(eventId: string, use: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Job ${eventId} has no tracks, and ${use}. Derive a job with tracks from it: ` +
      `"vidette derive ${eventId} --tracking", or POST /api/v1/jobs/${eventId}/derive with "tracking": true.`,
    { event_id: eventId },
  );
}
