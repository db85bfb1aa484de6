import { connectClient } from '../../adapters/temporal/connection.js';
import { missingSearchAttributes } from '../../adapters/temporal/search-attributes.js';
import type { Config } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import {
  isOptionalAttribute,
  SEARCH_ATTRIBUTE_TYPES,
  type SearchAttribute,
} from '../../domain/search-attributes.js';
import { findServers } from '../connect.js';
import type { Check } from './check.js';

const NAME = 'search attributes';
const TIMEOUT_MS = 5000;

/** Checks that the Temporal server in use, if any, has the search attributes of jobs. */
export async function checkSearchAttributes(config: Config): Promise<Check[]> {
  const servers = await findServers(config).catch(() => undefined);
  if (!servers) return [];
  try {
    return [await readAttributes(servers)];
  } catch (error) {
    return [{ name: NAME, state: 'note', message: messageOf(error) }];
  }
}

async function readAttributes({ temporal }: Config): Promise<Check> {
  const limits = { connectTimeout: TIMEOUT_MS, requestTimeoutMs: TIMEOUT_MS };
  const { connection } = await connectClient(temporal, limits);
  try {
    const missing = await missingSearchAttributes(connection, temporal.namespace);
    return describeMissing(missing, temporal.namespace);
  } finally {
    await connection.close();
  }
}

/** Describes which search attributes a namespace lacks, and how to register them. */
export function describeMissing(missing: readonly SearchAttribute[], namespace: string): Check {
  if (missing.length === 0) {
    return { name: NAME, state: 'ok', message: `all in the namespace ${namespace}` };
  }
  const isOptional = missing.every(isOptionalAttribute);
  const effect = isOptional ? 'jobs and scenarios cannot be found by them' : 'no worker starts';
  const names = missing.map(({ name }) => name).join(', ');
  const create = `temporal operator search-attribute create --namespace ${namespace}`;
  const options = missing.map(
    ({ name, type }) => `--name ${name} --type ${SEARCH_ATTRIBUTE_TYPES[type]}`,
  );
  return {
    name: NAME,
    state: isOptional ? 'note' : 'missing',
    message: `the namespace ${namespace} lacks ${names}, or has them with another type: ${effect}. Register them with: ${create} ${options.join(' ')}`,
  };
}
