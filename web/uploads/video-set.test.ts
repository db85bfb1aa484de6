import { describe, expect, it } from 'vitest';
import { createVideoSet, divideVideos } from './video-set.js';

describe('createVideoSet', () => {
  const [a, b, c] = [{ name: 'a' }, { name: 'b', videoId: 'b-1' }, { name: 'c' }];

  it('keeps the order of the videos, in whatever order they are stored', () => {
    const set = createVideoSet([a, b, c]);
    expect(set.counts()).toEqual({ total: 3, stored: 1 });
    set.store(c, 'c-1');
    set.store(a, 'a-1');
    expect(set.counts()).toEqual({ total: 3, stored: 3 });
    expect(set.stored()).toEqual([
      { name: 'a', videoId: 'a-1' },
      { name: 'b', videoId: 'b-1' },
      { name: 'c', videoId: 'c-1' },
    ]);
  });

  it('does not count removed videos', () => {
    const set = createVideoSet([a, b]);
    set.remove(a);
    expect(set.counts()).toEqual({ total: 1, stored: 1 });
  });
});

describe('divideVideos', () => {
  const [file, stored, url] = [
    { name: 'file' },
    { name: 'stored', videoId: 'v' },
    { name: 'url', url: 'https://example.com/a.mp4' },
  ];

  it('makes a batch of several files and stored videos, and starts URLs alone', () => {
    const videos = [file, url, stored];
    expect(divideVideos(videos)).toEqual({ batch: [file, stored], single: [url] });
  });

  it.each([[[file]], [[url]], [[stored, url]], [[]]])('starts %j alone', (videos) => {
    expect(divideVideos(videos)).toEqual({ batch: [], single: videos });
  });
});
