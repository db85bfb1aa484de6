import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ApiKey, createApiKey, type Scope, SCOPES } from '../../domain/api-key.js';
import { AppError } from '../../domain/errors.js';
import { expectId } from '../../domain/names.js';
import { type CreateApp, newCommand, withServers } from '../command.js';
import { formatTable, formatTime } from '../format.js';

/** 100 a second: more than the network of one machine looks at. */
const DEFAULT_RATE = 6000;

interface CreateFlags {
  readonly scopes: readonly Scope[];
  readonly rate: number;
}

export function keysCommand(createApp: CreateApp): Command {
  const keys = newCommand('keys', 'keys for the HTTP API', [
    'keys create camera-1 --scopes read,write',
    'keys list',
    'keys revoke camera-1',
  ]);
  keys.addCommand(createCommand(createApp));
  keys.addCommand(listCommand(createApp));
  keys.addCommand(revokeCommand(createApp));
  return keys;
}

function createCommand(createApp: CreateApp): Command {
  return newCommand('create', 'make a key; it is shown this once', [
    'keys create camera-1 --scopes read,write,predict --rate 600',
  ])
    .argument('<name>', 'who uses it')
    .addOption(
      new Option('--scopes <list>', `rights, of ${SCOPES.join(', ')}`)
        .argParser(toScopes)
        .default(['read'], 'read'),
    )
    .option('--rate <count>', 'requests per minute', toRate, DEFAULT_RATE)
    .action(async (name: string, { scopes, rate }: CreateFlags) => {
      const app = createApp();
      const given = { name: expectId('a name', name), scopes, rate_per_minute: rate };
      const { key, stored } = createApiKey(given, new Date());
      await withServers(app, async ({ documents: { apiKeys } }) => {
        expectFree(await apiKeys.list(), name);
        await apiKeys.insert(stored);
      });
      app.out.result({ key, ...shown(stored) }, key);
      app.out.note('Keep it: it is stored as a hash only and cannot be shown again.');
    });
}

function listCommand(createApp: CreateApp): Command {
  return newCommand('list', 'list keys', ['keys list --json']).action(async () => {
    const app = createApp();
    const keys = await withServers(app, ({ documents }) => documents.apiKeys.list());
    app.out.result(keys.map(shown), formatKeys(keys));
  });
}

function revokeCommand(createApp: CreateApp): Command {
  return newCommand('revoke', 'end a key; it stops within 30 s', ['keys revoke camera-1'])
    .argument('<name>', 'name or id of the key')
    .action(async (name: string) => {
      const app = createApp();
      const idOrName = expectId('a name', name);
      const revoked = await withServers(app, ({ documents }) =>
        documents.apiKeys.revoke(idOrName, new Date()),
      );
      if (revoked === 0) {
        throw new AppError(
          'INVALID_INPUT',
          `No key "${name}" is in use. See those there are with: vidette keys list`,
        );
      }
      app.out.result({ name, revoked }, `Key ${name} is revoked.`);
    });
}

function expectFree(keys: readonly ApiKey[], name: string): void {
  if (!keys.some((key) => key.name === name && !key.revoked_at)) return;
  throw new AppError(
    'INVALID_INPUT',
    `A key "${name}" is in use. Take another name, or end it with: vidette keys revoke ${name}`,
  );
}

/** A key without its hash. */
function shown({ key_id, name, scopes, rate_per_minute, created_at, revoked_at }: ApiKey) {
  return { key_id, name, scopes, rate_per_minute, created_at, revoked_at };
}

function formatKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return 'No keys. Make one with: vidette keys create NAME --scopes read';
  const rows = keys.map(({ key_id, name, scopes, rate_per_minute, created_at, revoked_at }) => [
    ...[key_id, name, scopes.join(','), String(rate_per_minute)],
    ...[formatTime(created_at.toISOString()), revoked_at ? 'revoked' : 'in use'],
  ]);
  return formatTable([['ID', 'NAME', 'SCOPES', 'PER MINUTE', 'MADE', 'STATE'], ...rows]);
}

/** @example toScopes('read,write') // ['read', 'write'] */
export function toScopes(text: string): readonly Scope[] {
  const given = text.split(',').map((scope) => scope.trim());
  const wrong = given.find((scope) => !SCOPES.some((known) => known === scope));
  if (wrong === undefined) return SCOPES.filter((scope) => given.includes(scope));
  throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}, received "${wrong}".`);
}

function toRate(text: string): number {
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1) return rate;
  throw new InvalidArgumentError('Expected a whole number of requests per minute, 1 or more.');
}
