import { benchModel } from '../../cli/models/bench-model.js';
import type { ModelRuns } from '../../cli/models/model-runs.js';
import { selfTest } from '../../cli/models/self-test.js';
import { convertKeras } from '../../models/keras/convert.js';
import { measureOutputs } from '../../models/session/measure-outputs.js';

/** Runs of trusted models, in the process of the test. */
export const IN_PROCESS_RUNS: ModelRuns = {
  convertKeras,
  measureOutputs,
  selfTest,
  benchModel,
};
