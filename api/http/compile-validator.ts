import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** Compiles a validator that rejects an empty text for a number, which coercion would read as 0. */
export const compileValidator: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  const names = numbersOf(route.schema);
  return (data) => validate(withoutEmptyNumbers(data, names));
};

/** Returns the names of the members of a schema that are numbers. */
function numbersOf(schema: z.core.$ZodType): readonly string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, member]) => (isNumber(member) ? [name] : []));
}

function isNumber(schema: z.core.JSONSchema._JSONSchema): boolean {
  return typeof schema === 'object' && (schema.type === 'number' || schema.type === 'integer');
}

/** Replaces empty texts under the given names with NaN, which no schema accepts. */
function withoutEmptyNumbers(data: unknown, names: readonly string[]): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const members = new Map<string, unknown>(Object.entries(data));
  const empty = names.filter((name) => isBlank(members.get(name)));
  return empty.length === 0
    ? data
    : { ...data, ...Object.fromEntries(empty.map((name) => [name, Number.NaN])) };
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
