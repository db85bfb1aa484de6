import { STATUS_CODES } from 'node:http';

/** The parts of an OpenAPI document that are changed here. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly schemas?: Schemas };
}

interface ApiOperation {
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

type Schema = Readonly<Record<string, unknown>>;
type Schemas = Readonly<Record<string, Schema>>;

const REF = '#/components/schemas/';
const INPUT = 'Input';
/** Description that the generator gives to a response without one. */
const NO_DESCRIPTION = 'Default Response';

/**
 * Finishes a generated document: only components that are used, one for each schema that is the same
 * in requests and responses; bodies that can be left out; a description of each response.
 */
export function finishDocument<T extends ApiDocument>(document: T): T {
  const paths = mapValues(document.paths ?? {}, (path) => mapValues(path, finishOperation));
  const schemas = document.components?.schemas ?? {};
  const used = usedComponents(paths, schemas);
  const names = new Map([...used].map((name) => [name, finalName(name, schemas, used)]));
  const components = [...used].map((name) => [names.get(name)!, schemas[name]] as const);
  const finished = {
    ...document,
    paths,
    components: { ...document.components, schemas: Object.fromEntries(components) },
  };
  return JSON.parse(JSON.stringify(finished), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? REF + names.get(nameOf(value))! : value,
  ) as T; // the same document with other references
}

function finishOperation(operation: ApiOperation): ApiOperation {
  const { requestBody, responses } = operation;
  return {
    ...operation,
    ...(requestBody && { requestBody: finishBody(requestBody) }),
    responses: mapValues(responses, (response, status) =>
      response.description === NO_DESCRIPTION
        ? { ...response, description: STATUS_CODES[status] ?? 'Response' }
        : response,
    ),
  };
}

/** A body that may be null may be left out, unless a form can take its place. */
function finishBody(body: NonNullable<ApiOperation['requestBody']>) {
  const isOptional = Object.values(body.content).every(
    ({ schema }) => withoutNull(schema) !== schema,
  );
  const content = mapValues(body.content, (media) => ({
    ...media,
    schema: withoutNull(media.schema),
  }));
  return { ...body, required: !isOptional, content };
}

function withoutNull(schema: Schema): Schema {
  const [first, second, ...others] = Array.isArray(schema.anyOf) ? (schema.anyOf as Schema[]) : [];
  return first && second?.type === 'null' && others.length === 0 ? first : schema;
}

/** Names of the components that paths refer to, directly or through others, in order. */
function usedComponents(paths: unknown, schemas: Schemas): ReadonlySet<string> {
  const used = new Set(referencesIn(paths));
  // A set visits the names that are added meanwhile.
  for (const name of used) for (const other of referencesIn(schemas[name])) used.add(other);
  return new Set([...used].sort());
}

function referencesIn(value: unknown): string[] {
  const names: string[] = [];
  JSON.stringify(value, (key, child: unknown) => {
    if (key === '$ref' && typeof child === 'string') names.push(nameOf(child));
    return child;
  });
  return names;
}

const nameOf = (reference: string) => reference.slice(REF.length);

/** Drops the suffix of a request schema if no different response schema has its name. */
function finalName(name: string, schemas: Schemas, used: ReadonlySet<string>): string {
  const base = name.endsWith(INPUT) ? name.slice(0, -INPUT.length) : name;
  const isFree = !used.has(base) || JSON.stringify(schemas[base]) === JSON.stringify(schemas[name]);
  return base in schemas && isFree ? base : name;
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
