import { expect, it } from 'vitest';
import { readImagesRole } from './images-role.js';

it('reads the models of the container image, and then those of the user', () => {
  const included = { VIDETTE_INCLUDED_MODELS_DIR: '/app/included-models' };
  expect(readImagesRole(included).modelFolders).toEqual(['/app/included-models']);
  const both = { ...included, VIDETTE_MODELS_DIR: '/models' };
  expect(readImagesRole(both).modelFolders).toEqual(['/app/included-models', '/models']);
});

it('needs a folder of models', () => {
  expect(() => readImagesRole({})).toThrow(/VIDETTE_MODELS_DIR is not set/);
});
