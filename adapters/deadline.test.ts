import { expect, it } from 'vitest';
import { withDeadline } from './deadline.js';

const MS = 50;

it('settles as a promise that is in time does', async () => {
  await expect(withDeadline(Promise.resolve('yes'), MS)).resolves.toBe('yes');
  await expect(withDeadline(Promise.reject(new Error('refused')), MS)).rejects.toThrow('refused');
});

it('rejects when the deadline passes', async () => {
  const never = new Promise<string>(() => undefined);
  await expect(withDeadline(never, MS)).rejects.toThrow('no answer within 50 ms');
});

it('rejects with the given message', async () => {
  const never = new Promise<string>(() => undefined);
  await expect(withDeadline(never, MS, 'late')).rejects.toThrow('late');
});
