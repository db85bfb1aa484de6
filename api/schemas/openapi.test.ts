import Fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../../config/index.js';
import { describeApi } from './openapi.js';

interface Described {
  readonly paths: {
    '/it': { readonly post: { readonly requestBody: { readonly content: object } } };
  };
}

async function bodyOf(config: object, schema: object): Promise<{ readonly content: object }> {
  const server = Fastify()
    .setValidatorCompiler(validatorCompiler)
    .withTypeProvider<ZodTypeProvider>();
  await describeApi(server, { ...readConfig({}).api, auth: 'none' });
  server.post('/it', { config, schema }, () => 'done');
  await server.ready();
  const response = await server.inject('/openapi.json');
  return response.json<Described>().paths['/it'].post.requestBody;
}

const json = { body: z.object({ a: z.string() }) };
const form = { form: ['options', 'file'] };

describe('the description of a body', () => {
  it('of JSON has JSON only', async () => {
    expect(Object.keys((await bodyOf({}, json)).content)).toEqual(['application/json']);
  });

  it('of a form names its fields; a file cannot be left out', async () => {
    expect(await bodyOf(form, {})).toMatchObject({
      content: {
        'multipart/form-data': {
          schema: { properties: { file: { format: 'binary' } }, required: ['file'] },
        },
      },
    });
  });

  it('of either has both', async () => {
    const { content } = await bodyOf(form, json);
    expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data']);
  });
});
