import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Schemas of the fields of a form. */
const FIELDS = {
  file: { type: 'string', format: 'binary', description: 'Content of the file.' },
  options: {
    type: 'string',
    description: 'Options as JSON, before the file.',
    examples: ['{"every":5,"conf":0.4}'],
  },
} as const;

type FormField = keyof typeof FIELDS;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields of the multipart form that a route accepts, in addition to or instead of JSON. */
    readonly form?: readonly FormField[];
  }
}

/** Describes a route; forms are streamed, so no schema validates them as a whole. */
export const describeRoute: SwaggerTransform = (document) => {
  const described = jsonSchemaTransform(document);
  const { form } = document.route.config ?? {};
  if (!form || !described.schema) return described;
  const { body, ...schema } = described.schema;
  const content = {
    ...(body !== undefined && { 'application/json': { schema: body } }),
    'multipart/form-data': { schema: formSchema(form) },
  };
  return { ...described, schema: { ...schema, body: { content } } };
};

function formSchema(fields: readonly FormField[]) {
  const properties = Object.fromEntries(fields.map((name) => [name, FIELDS[name]]));
  return { type: 'object', properties, required: fields.filter((name) => name === 'file') };
}
