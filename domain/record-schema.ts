import { z } from 'zod';

/**
 * Schema of an object whose keys may be any names, such as those of classes. `z.record` drops the key
 * `__proto__`.
 */
export function recordSchema<T>(values: z.ZodType<T>): z.ZodType<Readonly<Record<string, T>>> {
  return z
    .custom<Readonly<Record<string, T>>>(
      (value) =>
        isRecord(value) && Object.values(value).every((each) => values.safeParse(each).success),
    )
    .meta({ type: 'object', additionalProperties: jsonSchemaOf(values) });
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonSchemaOf(schema: z.ZodType) {
  const { $schema: _, ...json } = z.toJSONSchema(schema);
  return json;
}
