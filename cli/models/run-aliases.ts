import type { ModelAlias, Models } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { parseModelSpec } from '../../domain/model/model-spec.js';
import { userName } from '../../platform/user-name.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { formatAlias, formatHistory } from './alias-texts.js';

interface AliasArguments {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  readonly reason: string | undefined;
}

/** Moves or creates an alias. */
export async function runAlias(app: App, { name, alias, ...to }: AliasArguments): Promise<void> {
  await change(app, (models, by) => models.setAlias(name, alias, { ...to, by }));
}

/** Makes a version the champion. */
export async function runPromote(app: App, spec: string, reason?: string): Promise<void> {
  const named = parseModelSpec(spec);
  if (named?.version === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `Specify the version to promote, such as fish@4, received ${JSON.stringify(spec)}.`,
    );
  }
  const { name, version } = named;
  await change(app, (models, by) => models.promote(name, { version, by, reason }));
}

/** Makes the previous champion the champion again. */
export async function runRollback(
  app: App,
  name: string,
  options: { readonly from?: number; readonly reason?: string },
): Promise<void> {
  await change(app, (models, by) => models.rollback(name, { ...options, by }));
}

async function change(
  app: App,
  request: (models: Models, by: string) => Promise<ModelAlias>,
): Promise<void> {
  const alias = await withServers(app, ({ client }) => request(client.models, userName()));
  app.out.result(alias, formatAlias(alias));
}

/** Lists changes of the aliases of a model. */
export async function runHistory(app: App, name: string, limit: number): Promise<void> {
  const { changes } = await withServers(app, ({ client }) =>
    client.models.history(name, { limit }),
  );
  app.out.result(changes, formatHistory(changes));
}
