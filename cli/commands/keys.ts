import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ApiKey, createApiKey, type Scope, SCOPES } from '../../domain/api-key.js';
import { AppError } from '../../domain/errors.js';
import { expectId } from '../../domain/names.js';
import {
  addExamples,
  type CreateApp,
  type DefineCommand,
  newCommand,
  withServers,
} from '../command.js';
import { formatTable, formatTime } from '../format.js';

/** 100 per second: above the inference rate of one machine. */
const DEFAULT_RATE = 6000;

interface CreateFlags {
  readonly scopes: readonly Scope[];
  readonly rate: number;
}

export const defineKeys: DefineCommand = (keys, { createApp }) => {
  const create = 'keys create camera-1 --scopes read,write';
  addExamples(keys, create, 'keys list', 'keys revoke camera-1');
  keys.addCommand(createCommand(createApp));
  keys.addCommand(listCommand(createApp));
  keys.addCommand(revokeCommand(createApp));
};

function createCommand(createApp: CreateApp): Command {
  return newCommand('create', 'create a key and print it once', [
    'keys create camera-1 --scopes read,write,predict --rate 600',
  ])
    .argument('<name>', 'name of its user')
    .addOption(
      new Option('--scopes <list>', `comma-separated scopes: ${SCOPES.join(', ')}`)
        .argParser(toScopes)
        .default(['read'], 'read'),
    )
    .option('--rate <count>', 'limit in requests per minute', toRate, DEFAULT_RATE)
    .action(async (name: string, { scopes, rate }: CreateFlags) => {
      const app = await createApp();
      const given = { name: expectId('a name', name), scopes, rate_per_minute: rate };
      const { key, stored } = createApiKey(given, new Date());
      await withServers(app, async ({ documents: { apiKeys } }) => {
        expectFree(await apiKeys.list(), name);
        await apiKeys.insert(stored);
      });
      app.out.result({ key, ...withoutHash(stored) }, key);
      app.out.note('Save this key. Only its hash is stored, so it cannot be shown again.');
    });
}

function listCommand(createApp: CreateApp): Command {
  return newCommand('list', 'list keys', ['keys list --json']).action(async () => {
    const app = await createApp();
    const keys = await withServers(app, ({ documents }) => documents.apiKeys.list());
    app.out.result(keys.map(withoutHash), formatKeys(keys));
  });
}

function revokeCommand(createApp: CreateApp): Command {
  return newCommand('revoke', 'revoke a key; takes effect within 30 s', ['keys revoke camera-1'])
    .argument('<name>', 'name or id of the key')
    .action(async (name: string) => {
      const app = await createApp();
      const idOrName = expectId('a name', name);
      const revoked = await withServers(app, ({ documents }) =>
        documents.apiKeys.revoke(idOrName, new Date()),
      );
      if (revoked === 0) {
        throw new AppError(
          'INVALID_INPUT',
          `No active key is named "${name}". List keys with "vidette keys list".`,
        );
      }
      app.out.result({ name, revoked }, `Revoked key ${name}.`);
    });
}

function expectFree(keys: readonly ApiKey[], name: string): void {
  if (!keys.some((key) => key.name === name && !key.revoked_at)) return;
  throw new AppError(
    'INVALID_INPUT',
    `An active key is already named "${name}". Choose another name, or revoke it with "vidette keys revoke ${name}".`,
  );
}

/** Returns a key without its hash. */
function withoutHash({ key_id, name, scopes, rate_per_minute, created_at, revoked_at }: ApiKey) {
  return { key_id, name, scopes, rate_per_minute, created_at, revoked_at };
}

function formatKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0)
    return 'No keys. Create one with "vidette keys create NAME --scopes read".';
  const rows = keys.map(({ key_id, name, scopes, rate_per_minute, created_at, revoked_at }) => [
    ...[key_id, name, scopes.join(','), String(rate_per_minute)],
    ...[formatTime(created_at.toISOString()), revoked_at ? 'revoked' : 'active'],
  ]);
  return formatTable([['ID', 'NAME', 'SCOPES', 'PER MINUTE', 'CREATED', 'STATE'], ...rows]);
}

/** @example toScopes('read,write') // ['read', 'write'] */
export function toScopes(text: string): readonly Scope[] {
  const given = text.split(',').map((scope) => scope.trim());
  const wrong = given.find((scope) => !SCOPES.some((each) => each === scope));
  if (wrong === undefined) return SCOPES.filter((scope) => given.includes(scope));
  throw new InvalidArgumentError(
    `Unknown scope "${wrong}". Expected one or more of ${SCOPES.join(', ')}.`,
  );
}

function toRate(text: string): number {
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1) return rate;
  throw new InvalidArgumentError('Expected a positive integer.');
}
