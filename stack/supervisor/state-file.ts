import { messageOf } from '../../domain/errors.js';
import { dataPaths } from '../data-folder.js';
import type { OnStep } from '../on-step.js';
import type { ProcessId } from './identity.js';
import type { StackPlan } from './stack-plan.js';
import type { StackState } from './stack-state.js';
import { writeJson } from '../write-json.js';

type Head = Partial<Pick<StackState, 'phase' | 'error'>>;

/** State file that a supervisor keeps up to date. */
export interface StateFile {
  /** Updates phase or error and writes them with the current records of the services. */
  write(change: Head): Promise<void>;
}

interface StateFileOptions {
  readonly plan: StackPlan;
  readonly supervisor: ProcessId;
  readonly records: () => StackState['services'];
  readonly onStep: OnStep;
}

/** Creates the state file; writes are sequential, so that the newest one is last. */
export function createStateFile({
  plan,
  supervisor,
  records,
  onStep,
}: StateFileOptions): StateFile {
  const { state: path } = dataPaths(plan.dataDir);
  let head: Head = { phase: 'starting' };
  let writing = Promise.resolve();
  const write = () =>
    writeJson(path, {
      supervisor,
      phase: head.phase,
      error: head.error,
      plan,
      services: records(),
    });
  return {
    write: (change) => {
      head = { ...head, ...change };
      // A full disk must not stop the servers; the next change retries the write.
      writing = writing
        .then(write)
        .catch((error: unknown) => onStep(`${path} could not be written: ${messageOf(error)}`));
      return writing;
    },
  };
}
