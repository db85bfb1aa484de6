import { expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../errors.js';
import type { ModelRegistry } from '../ports/model-registry.js';
import { readClasses } from './model-classes.js';

const MODEL = { name: 'best', version: 3 };
const failing = (code: ErrorCode): Pick<ModelRegistry, 'resolve'> => ({
  resolve: () => Promise.reject(new AppError(code, 'none')),
});

it('returns no classes for a model that was removed', async () => {
  expect(await readClasses(failing('MODEL_NOT_FOUND'), MODEL)).toEqual([]);
});

it('reports an unavailable catalogue', async () => {
  await expect(readClasses(failing('SERVER_UNAVAILABLE'), MODEL)).rejects.toThrow('none');
});
