import type { ExperimentDetails, ExperimentRequest, Experiments } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { parseModelSpec } from '../../domain/model/model-spec.js';
import { userName } from '../../platform/user-name.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { formatExperiment, formatExperiments, formatStarted } from './experiment-text.js';

/** Starts an experiment with a version as the challenger. */
export async function runStart(
  app: App,
  challenger: string,
  options: Omit<ExperimentRequest, 'model' | 'challenger'>,
): Promise<void> {
  const { name: model, version } = parseModelSpec(challenger) ?? {};
  if (model === undefined || version === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `Specify the version to compare, such as fish@4, received ${JSON.stringify(challenger)}.`,
    );
  }
  const request = { ...options, model, challenger: version };
  const started = await withServers(app, ({ client }) =>
    client.experiments.start(request, userName()),
  );
  app.out.result(started, formatStarted(started));
}

/** Lists experiments. */
export async function runList(app: App, limit: number): Promise<void> {
  const { experiments } = await withServers(app, ({ client }) =>
    client.experiments.list({ limit }),
  );
  app.out.result(experiments, formatExperiments(experiments));
}

/** Shows an experiment with its evidence. */
export async function runShow(app: App, id: string): Promise<void> {
  await show(app, (experiments) => experiments.get(id));
}

/** Stops an experiment. */
export async function runStop(app: App, id: string): Promise<void> {
  await show(app, (experiments) => experiments.stop(id));
}

/** Decides an experiment. */
export async function runDecide(
  app: App,
  id: string,
  choice: { readonly promote: boolean; readonly reason: string },
): Promise<void> {
  await show(app, (experiments) => experiments.decide(id, { ...choice, by: userName() }));
}

async function show(
  app: App,
  request: (experiments: Experiments) => Promise<ExperimentDetails>,
): Promise<void> {
  const details = await withServers(app, ({ client }) => request(client.experiments));
  app.out.result(details, formatExperiment(details));
}
