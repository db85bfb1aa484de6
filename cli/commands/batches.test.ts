import { expect, it } from 'vitest';
import { createProgram } from '../program.js';

it('rejects a limit below 1 before it connects', async () => {
  const args = ['batches', '--limit', '0'];
  const { command } = await createProgram(new AbortController().signal, args);
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow(
    /whole number of at least 1/,
  );
});
