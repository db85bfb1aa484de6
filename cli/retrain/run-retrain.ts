import type { RetrainingsFilter, RetrainOptions } from '../../client/index.js';
import { userName } from '../../platform/user-name.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { exitCodeOfJob } from '../exit-codes.js';
import { follow } from '../follow.js';
import { formatRetraining, formatRetrainings, retrainProgressLine } from './retrain-text.js';

/** Starts a retraining, or finds the one that is running; returns the exit code. */
export async function runRetrain(
  app: App,
  model: string,
  { options, wait }: { readonly options: RetrainOptions; readonly wait: boolean },
): Promise<number> {
  return withServers(app, async ({ client }) => {
    const { started } = await client.retrainings.start(model, options, userName());
    if (!started) app.out.step(`a retraining of ${model} is running; its options apply`);
    const retraining = wait
      ? await follow(app, client.retrainings.status(model, { signal: app.signal }), {
          line: retrainProgressLine,
          interrupted: `Interrupted; the retraining continues. See it with "vidette retrain status ${model}".`,
        })
      : await client.retrainings.get(model);
    app.out.result(retraining, formatRetraining(retraining));
    return exitCodeOfJob(retraining.status);
  });
}

/** Shows the state of the newest retraining. */
export async function showRetraining(app: App, model: string): Promise<void> {
  const retraining = await withServers(app, ({ client }) => client.retrainings.get(model));
  app.out.result(retraining, formatRetraining(retraining));
}

/** Lists the newest retraining of each model. */
export async function showRetrainings(app: App, filter: RetrainingsFilter): Promise<void> {
  const found = await withServers(app, ({ client }) => client.retrainings.list(filter));
  app.out.result(found, formatRetrainings(found));
}

/** Decides about the challenger of a model. */
export async function runDecide(
  app: App,
  model: string,
  decision: { readonly promote: boolean; readonly reason: string },
): Promise<void> {
  const retraining = await withServers(app, ({ client }) =>
    client.retrainings.decide(model, { ...decision, by: userName() }),
  );
  app.out.result(retraining, formatRetraining(retraining));
}
