import { expect, it } from 'vitest';
import { z } from 'zod';
import { recordSchema } from './record-schema.js';

const schema = recordSchema(z.int());

it('keeps every name, whatever it means in JavaScript', () => {
  const text = '{"__proto__":1,"constructor":2,"dog":3}';
  expect(
    JSON.stringify(z.object({ counts: schema }).parse({ counts: JSON.parse(text) as unknown })),
  ).toBe(`{"counts":${text}}`);
});

it.each([[null], [[1]], ['a'], [{ dog: 'many' }], [JSON.parse('{"__proto__": 0.5}')]])(
  'rejects %j',
  (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  },
);

it('is an object with values of the type in a JSON schema', () => {
  expect(z.toJSONSchema(schema, { unrepresentable: 'any' })).toMatchObject({
    type: 'object',
    additionalProperties: { type: 'integer' },
  });
});
