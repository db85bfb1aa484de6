import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** A field of a form: a file, or text. */
const FIELDS = {
  file: { type: 'string', format: 'binary' },
  text: { type: 'string' },
} as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields of the multipart form that a route takes, beside or instead of JSON. */
    readonly form?: Readonly<Record<string, keyof typeof FIELDS>>;
  }
}

/** Describes a route; a form is read as it comes and so has no schema that would check it whole. */
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
  // A file is what a form is sent for; texts may be left out.
  const required = fields.filter(([, kind]) => kind === 'file').map(([name]) => name);
  return { type: 'object', properties, required };
}
