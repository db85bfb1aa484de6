import { messageOf } from '../../domain/errors.js';
import { dataPaths } from '../data-folder.js';
import type { OnStep } from '../on-step.js';
import type { ProcessId } from './identity.js';
import type { StackPlan } from './stack-plan.js';
import type { StackState } from './stack-state.js';
import { writeJson } from '../write-json.js';

type Head = Partial<Pick<StackState, 'phase' | 'error'>>;

/** The state that a supervisor keeps up to date for others. */
export interface StateFile {
  /** Changes the head and writes it with the services as they are when it is their turn. */
  write(change: Head): Promise<void>;
}

interface StateFileOptions {
  readonly plan: StackPlan;
  readonly supervisor: ProcessId;
  readonly records: () => StackState['services'];
  readonly onStep: OnStep;
}

/** Writes go one after another, so that the newest is last. */
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
      // A full disk must not end the servers; the next change is written again.
      writing = writing
        .then(write)
        .catch((error: unknown) => onStep(`Cannot write ${path}: ${messageOf(error)}`));
      return writing;
    },
  };
}
