import { describe, expect, it } from 'vitest';
import { keys } from '../names.js';
import { originalNameOf, videoIdOfKey } from './stored-video.js';

describe('videoIdOfKey', () => {
  it('reads the id from the key of a video', () => {
    expect(videoIdOfKey(keys.video('cars-0f3a2b1c9d8e'))).toBe('cars-0f3a2b1c9d8e');
  });

  it.each(['input/a/b.mp4', 'input/.mp4', 'input/a b.mp4', 'uploads/a.mp4', 'input/a.mp4\n'])(
    'returns undefined for %j',
    (key) => expect(videoIdOfKey(key)).toBeUndefined(),
  );
});

describe('originalNameOf', () => {
  it.each([
    [{ 'original-name': 'My%20clip.mp4' }, 'My clip.mp4'],
    [{ 'original-name': '100%.mp4' }, '100%.mp4'],
    [{}, undefined],
  ])('reads %j', (metadata, name) => expect(originalNameOf(metadata)).toBe(name));
});
