import { benchModel } from '../../models/add/bench-model.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { selfTest } from '../../models/add/self-test.js';
import { convertKeras } from '../../models/keras/convert.js';
import { measureOutputs } from '../../models/session/measure-outputs.js';

/** Runs of trusted models, in the process of the test. */
export const IN_PROCESS_RUNS: ModelRuns = {
  convertKeras,
  measureOutputs,
  selfTest,
  benchModel,
};
