import type { FastifyRouteSchemaDef } from 'fastify/types/schema.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileValidator } from './compile-validator.js';

const schema = z.object({
  conf: z.coerce.number().min(0).max(1).default(0.25),
  after: z.coerce.number().int().optional(),
  text: z.string().optional(),
});
const validate = compileValidator({ schema } as FastifyRouteSchemaDef<typeof schema>); // no other field is read

describe('compileValidator', () => {
  it.each([
    [{}, { conf: 0.25 }],
    [
      { conf: '0', text: '' },
      { conf: 0, text: '' },
    ],
    [
      { conf: '0.5', after: '-1' },
      { conf: 0.5, after: -1 },
    ],
  ])('reads the numbers of %j', (given, value) => {
    expect(validate(given)).toEqual({ value });
  });

  it.each([{ conf: '' }, { conf: ' ' }, { after: '' }, { conf: 'x' }, { conf: '1.1' }])(
    'rejects %j',
    (given) => {
      expect(validate(given)).toMatchObject({ error: expect.anything() as unknown });
    },
  );

  it.each([undefined, null, 'text'])('rejects %j, which has no members', (given) => {
    expect(validate(given)).toMatchObject({ error: expect.anything() as unknown });
  });
});
