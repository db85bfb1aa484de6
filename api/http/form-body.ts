import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Schemas of the fields of a form. */
const FIELDS = {
  file: { type: 'string', format: 'binary' },
  text: { type: 'string' },
} as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields of the multipart form that a route accepts, in addition to or instead of JSON. */
    readonly form?: Readonly<Record<string, keyof typeof FIELDS>>;
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

function formSchema(form: Readonly<Record<string, keyof typeof FIELDS>>) {
  const fields = Object.entries(form);
  const properties = Object.fromEntries(fields.map(([name, kind]) => [name, FIELDS[kind]]));
  // Files are required, texts optional.
  const required = fields.filter(([, kind]) => kind === 'file').map(([name]) => name);
  return { type: 'object', properties, required };
}
