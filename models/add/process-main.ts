import { getOneMessage, sendMessage } from 'execa';
import { errorRecordOf } from '../../domain/error-record.js';
import { convertKeras } from '../keras/convert.js';
import { measureOutputs } from '../session/measure-outputs.js';
import { benchModel } from './bench-model.js';
import type { ModelReply, ModelRequest, ModelRuns } from './model-runs.js';
import { selfTest } from './self-test.js';

const RUNS: ModelRuns = { convertKeras, measureOutputs, selfTest, benchModel };

/** Runs or converts a model once, as requested by the process that started this one. */
async function replyTo({ run, args }: ModelRequest): Promise<ModelReply> {
  try {
    const work: (...args: readonly never[]) => Promise<unknown> = RUNS[run];
    return { result: await work(...args) };
  } catch (error) {
    return { error: errorRecordOf(error) };
  }
}

// The only sender is `createModelRuns`.
await sendMessage(await replyTo((await getOneMessage()) as ModelRequest));
