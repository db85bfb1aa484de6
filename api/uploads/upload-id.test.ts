import { describe, expect, it } from 'vitest';
import { keys } from '../../domain/names.js';
import { newUploadId, uploadTimeOf } from './upload-id.js';

describe('the id of an upload', () => {
  it.each([0, 1, Date.UTC(2026, 0, 2), Date.UTC(2070, 0, 1)])('contains its time: %s', (time) => {
    const id = newUploadId(time);
    expect(uploadTimeOf(keys.upload(id))).toBe(time);
    expect(uploadTimeOf(keys.uploadInfo(id))).toBe(time);
  });

  it('is another one each time', () => {
    expect(newUploadId(5)).not.toBe(newUploadId(5));
  });

  it.each(['uploads/x', 'input/cars.mp4', `input/${newUploadId(5)}`, ''])(
    'is not in other keys: %j',
    (key) => {
      expect(uploadTimeOf(key)).toBeUndefined();
    },
  );
});
