import { AppError, hasCode } from '../../domain/errors.js';
import type { MlflowRef } from '../../domain/model/mlflow-ref.js';
import type { ModelSource, SourceVersion } from '../../domain/ports/model-source.js';

/** Time limit of an answer, after which the catalogue is used, in milliseconds. */
const ANSWER_MS = 5000;
/** Time for which a server that did not answer is not asked again, in milliseconds. */
const PAUSE_MS = 5000;

/**
 * Returns a source that finds versions within {@link ANSWER_MS}, and that rejects at once for a while
 * after its server did not answer.
 */
export function createPatientSource(source: ModelSource): Pick<ModelSource, 'resolve'> {
  let away: { readonly error: unknown; readonly until: number } | undefined;
  return {
    resolve: async (ref) => {
      if (away && performance.now() < away.until) throw away.error;
      try {
        const version = await resolveInTime(source, ref);
        away = undefined;
        return version;
      } catch (error) {
        const isAway = hasCode(error, 'SERVER_UNAVAILABLE') || hasCode(error, 'STACK_NOT_RUNNING');
        away = isAway ? { error, until: performance.now() + PAUSE_MS } : undefined;
        throw error;
      }
    },
  };
}

async function resolveInTime(source: ModelSource, ref: MlflowRef): Promise<SourceVersion> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const problem = `MLflow has not answered within ${ANSWER_MS / 1000} s. Check that it runs, and MLFLOW_URI.`;
    reject(new AppError('SERVER_UNAVAILABLE', problem));
  }, ANSWER_MS);
  try {
    return await Promise.race([source.resolve(ref), late]);
  } finally {
    clearTimeout(timer);
  }
}
