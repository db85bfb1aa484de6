import type { SubmitOptions } from '../../client/index.js';
import type { App } from '../app.js';
import type { Connected } from '../connect.js';
import type { ResultPathOf } from './result-place.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { resolveModel } from '../models/use-model.js';

/** Requested detection of one or several videos. */
export interface DetectRequest {
  readonly options: SubmitOptions;
  readonly resultPathOf: ResultPathOf;
  readonly wait: boolean;
}

/** Servers with which videos are detected. */
export interface DetectServers extends Connected {
  /** Whether the servers stop when this command ends. */
  readonly owned: boolean;
}

/** Returns options with the catalogue name of the model; publishes it if it is a file or the mock. */
export async function withModelOf(
  { config, out, signal }: App,
  { models }: Connected,
  options: SubmitOptions,
): Promise<SubmitOptions> {
  const runs = createModelRuns({ limits: config, signal });
  const use = { config, models, runs, onStep: out.step };
  const model = await resolveModel(use, options.model);
  return { ...options, model };
}
