import type { Connection } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import {
  ALL_SEARCH_ATTRIBUTES,
  isOptionalAttribute,
  isResultAttribute,
  type SearchAttribute,
} from '../../domain/search-attributes.js';

/** Numbers of types in the server's enumeration of indexed value types. */
const TYPES = { KEYWORD: 2, INT: 3, KEYWORD_LIST: 7 } as const;
const ALREADY_EXISTS = 6;

type Operator = Pick<Connection, 'operatorService'>;

/**
 * Registers the search attributes that are missing. A workflow that sets an unregistered one hangs
 * indefinitely, so no worker starts without them; jobs omit those of results, and scenarios that of
 * their state, if the server has no room for them.
 * @throws AppError `INVALID_INPUT` if a required one exists with another type.
 */
export async function ensureSearchAttributes(
  connection: Operator,
  namespace: string,
): Promise<void> {
  const registered = await registeredTypes(connection, namespace);
  const missing = missingFrom(registered);
  const required = missing.filter((attribute) => !isOptionalAttribute(attribute));
  const conflict = required.find(({ name }) => registered.has(name));
  if (conflict) throw otherType(conflict, namespace);
  if (required.length > 0) await register(connection, namespace, required);
  const others = missing.filter((each) => isOptionalAttribute(each) && !isResultAttribute(each));
  for (const optional of [others, missing.filter(isResultAttribute)]) {
    if (optional.length > 0) await register(connection, namespace, optional).catch(() => undefined);
  }
}

/** Returns the search attributes that a namespace lacks or has with another type. */
export async function missingSearchAttributes(
  connection: Operator,
  namespace: string,
): Promise<SearchAttribute[]> {
  return missingFrom(await registeredTypes(connection, namespace));
}

async function registeredTypes({ operatorService }: Operator, namespace: string) {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return new Map<string, number>(Object.entries(customAttributes ?? {}));
}

function missingFrom(registered: ReadonlyMap<string, number>): SearchAttribute[] {
  return ALL_SEARCH_ATTRIBUTES.filter(({ name, type }) => registered.get(name) !== TYPES[type]);
}

async function register(
  { operatorService }: Operator,
  namespace: string,
  attributes: readonly SearchAttribute[],
): Promise<void> {
  const types = Object.fromEntries(attributes.map(({ name, type }) => [name, TYPES[type]]));
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  } catch (error) {
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
  }
}

function otherType({ name, type }: SearchAttribute, namespace: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `The search attribute ${name} of the namespace ${namespace} has another type than ${type}. Set TEMPORAL_NAMESPACE to a namespace for Vidette alone.`,
  );
}
