import { expect, it } from 'vitest';
import { withTimeout } from './with-timeout.js';

const MS = 50;
const port = {
  name: 'documents',
  answer: (text: string) => Promise.resolve(text),
  fail: () => Promise.reject(new Error('refused')),
  hang: () => new Promise<string>(() => undefined),
  now: () => 'at once',
  keys: { hang: () => new Promise<string>(() => undefined) },
};
const limited = withTimeout(port, MS, 'The store');
const silent = { kind: 'not-ready', message: 'The store does not answer; try again soon.' };

it('gives on what is answered', async () => {
  await expect(limited.answer('yes')).resolves.toBe('yes');
  await expect(limited.fail()).rejects.toThrow('refused');
  expect([limited.now(), limited.name]).toEqual(['at once', 'documents']);
});

it('names the server that does not answer, also of a port within', async () => {
  await expect(limited.hang()).rejects.toMatchObject(silent);
  await expect(limited.keys.hang()).rejects.toMatchObject(silent);
});
