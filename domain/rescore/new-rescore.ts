import { AppError } from '../errors.js';
import { canonicalJson } from '../hash.js';
import { expectDetector } from '../model/expect-detector.js';
import { modelRefOf } from '../model/model-manifest.js';
import { findsObjects } from '../model/model-output.js';
import { parseModelSpec } from '../model/model-spec.js';
import type { ModelRegistry } from '../ports/model-registry.js';
import { PAST_KINDS, type PastKind, type RescoreInput } from './rescore-request.js';
import type { OpenedRescore } from './rescore.js';

/**
 * Resolves a request to a model, a time span and kinds of predictions.
 * @param now ISO 8601; end of the time span by default.
 * @throws AppError `MODEL_NOT_FOUND`, `INVALID_INPUT` for jobs with a classifier or an empty time span.
 */
export async function newRescore(
  models: Pick<ModelRegistry, 'resolve' | 'list'>,
  input: RescoreInput & { readonly rescore_id: string },
  now: string,
): Promise<OpenedRescore> {
  const { rescore_id, since, until = now, conf } = input;
  if (Date.parse(since) >= Date.parse(until)) throw emptySpan(since, until);
  const manifest = await models.resolve(input.model);
  if (input.include?.includes('jobs')) await expectDetector(models, manifest);
  const kinds: readonly PastKind[] = findsObjects(manifest.task) ? PAST_KINDS : ['images'];
  const include = PAST_KINDS.filter((kind) => (input.include ?? kinds).includes(kind));
  const { name, version } = parseModelSpec(input.of)!; // the request was checked
  const of = { name, ...(version !== undefined && { version }) };
  return {
    rescore_id,
    created_at: now,
    model: modelRefOf(manifest),
    of,
    since,
    until,
    include,
    conf,
  };
}

function emptySpan(since: string, until: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `The time span is empty: its start, ${since}, is not before its end, ${until}.`,
  );
}

/**
 * Checks that a rescoring continues a stored one: that it compares the same.
 * @throws AppError `RESCORE_EXISTS`.
 */
export function expectSameRescore(stored: OpenedRescore, rescore: OpenedRescore): void {
  if (identityOf(stored) === identityOf(rescore)) return;
  const { rescore_id } = rescore;
  throw new AppError(
    'RESCORE_EXISTS',
    `Rescoring ${rescore_id} has another model or another past. Give another rescore_id.`,
    { rescore_id },
  );
}

function identityOf({ created_at: _, ...rest }: OpenedRescore): string {
  return canonicalJson(rest);
}
