import { checkNarrowed } from '../../domain/derive/check-narrowed.js';
import { AppError } from '../../domain/errors.js';
import type { EventDocument } from '../../domain/job/event.js';
import type { Parameters } from '../../domain/job/job-input.js';
import { noResult } from '../../domain/job/job-store.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';

/**
 * Checks that a derived job can be made from the detections of its source.
 * @throws AppError `JOB_NOT_FOUND` if the source is not ready; `INVALID_INPUT` if it has another video
 * or model, or if the parameters are not narrower than its own.
 * @param parameters as they were given: classes as the source was given them, too
 */
export async function expectSource(
  { documents }: { readonly documents: Pick<DocumentStore, 'findEvent'> },
  derived: EventDocument,
  parameters: Parameters,
): Promise<void> {
  const { derived_from } = parameters;
  if (derived_from === undefined) return;
  const source = await documents.findEvent(derived_from);
  if (source?.status !== 'ready') throw noResult(derived_from);
  if (source.video_etag !== derived.video_etag) throw differs('video_id', source.video_id);
  if (source.model.sha256 !== derived.model.sha256) {
    throw differs('model', `${source.model.name}@${source.model.version}`);
  }
  if (parameters.frames !== 'none') throw differs('frames', 'none');
  checkNarrowed(parameters, source.parameters);
}

function differs(field: string, expected: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Invalid ${field}: a job with derived_from expects ${JSON.stringify(expected)}.`,
  );
}
