import type { z } from 'zod';

/** Describes a schema with a sentence and, unless its values are obvious, an example. */
export function described<T extends z.ZodType>(
  schema: T,
  description: string,
  ...examples: readonly z.output<T>[]
): T {
  return schema.meta({ description, ...(examples.length > 0 && { examples: [...examples] }) });
}
