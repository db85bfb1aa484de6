import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly (Json & { readonly name: string })[];
  readonly security: readonly Json[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly securitySchemes: Json;
  };
}

/** Schema or parameter with the path at which the document has it. */
interface Place {
  readonly at: string;
  readonly value: Json;
}

let api: ListeningApi;
let document: Document;
beforeAll(async () => {
  api = await listen({});
  document = api.server.swagger() as unknown as Document;
});
afterAll(() => api.server.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ at: `${method} ${path}`, operation })),
  );

/** Every object of the document, with its path. */
function* walk(value: unknown, at = ''): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  yield { at, value: value as Json };
  for (const [key, child] of Object.entries(value)) {
    if (!['examples', 'example', 'default', 'enum'].includes(key))
      yield* walk(child, `${at}/${key}`);
  }
}

/** Every property of an object schema. */
function properties(): Place[] {
  return [...walk(document)].flatMap(({ at, value }) =>
    Object.entries((value.type === 'object' && value.properties) || {}).map(([name, property]) => ({
      at: `${at}/${name}`,
      value: property as Json,
    })),
  );
}

const parameters = (): Place[] =>
  operations().flatMap(({ at, operation }) =>
    (operation.parameters ?? []).map((value) => ({ at: `${at} ${value.name}`, value })),
  );

const places = (found: readonly Place[]) => found.map(({ at }) => at);

/** Values of such a schema need no example: their description or type lists them. */
function isObvious({ schema = {}, ...rest }: Json): boolean {
  const {
    type,
    enum: values,
    format,
    items,
    anyOf,
    $ref,
    ...others
  } = { ...(schema as Json), ...rest };
  const refers = $ref !== undefined || (items as Json | undefined)?.$ref !== undefined;
  const lists = values !== undefined || 'const' in others || anyOf !== undefined;
  return refers || lists || type === 'boolean' || format === 'binary' || 'in' in others;
}

describe('the OpenAPI document', () => {
  it('gives each operation an id of its own', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id ?? ''))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(35);
  });

  it('describes every property and parameter', () => {
    const described = [...properties(), ...parameters()];
    const bare = described.filter(({ value }) => !value.description);
    expect(places(bare)).toEqual([]);
    expect(described.length).toBeGreaterThan(200);
  });

  it('gives an example of every property and parameter whose values are not obvious', () => {
    const bare = [...properties(), ...parameters()].filter(
      ({ value }) => !('examples' in value) && !('example' in value) && !isObvious(value),
    );
    expect(places(bare)).toEqual([]);
  });

  it('has the schema of a problem once', () => {
    const inline = [...walk(document)].filter(
      ({ at, value }) =>
        at !== '/components/schemas/Problem' &&
        at !== '/components/schemas/BatchProblem' &&
        value.type === 'object' &&
        'request_id' in ((value.properties as Json | undefined) ?? {}),
    );
    expect(places(inline)).toEqual([]);
  });

  it('names the schema of every JSON body', () => {
    const bodies = [...walk(document.paths)].filter(
      ({ at, value }) => /json$/.test(at) && !isNamed((value as { schema: Json }).schema),
    );
    expect(places(bodies)).toEqual([]);
  });

  it('has no tuples, which generators of clients do not support', () => {
    const tuples = [...walk(document)].filter(({ value }) => value.items === false);
    expect(places(tuples)).toEqual([]);
  });

  it('refers to existing schemas only, and has no others', () => {
    const references = new Set(
      [...walk(document)].flatMap(({ value }) =>
        typeof value.$ref === 'string' ? value.$ref : [],
      ),
    );
    const names = Object.keys(document.components.schemas);
    expect([...references].sort()).toEqual(
      names.map((name) => `#/components/schemas/${name}`).sort(),
    );
  });

  it('describes how a key is sent, also where no key is required', () => {
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'header']);
    expect(document.paths['/api/v1/jobs']?.get?.security).toEqual([
      {},
      { bearer: [] },
      { header: [] },
    ]);
    expect(document.paths['/livez']?.get?.security).toEqual([]);
  });
});

/** Whether a body is a component, a list or a choice of components, or bytes. */
function isNamed({ $ref, items, anyOf, format }: Json): boolean {
  const parts = Array.isArray(anyOf) ? (anyOf as Json[]) : items ? [items as Json] : undefined;
  return $ref !== undefined || format === 'binary' || (parts?.every(isNamed) ?? false);
}
