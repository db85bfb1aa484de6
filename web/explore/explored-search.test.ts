import { describe, expect, it } from 'vitest';
import { exploreHash, parseExplored } from './explore-link.js';
import { describeSearch, searchOf } from './explored-search.js';

const NOW = new Date(2026, 4, 7, 15, 30);
const BLANK = { text: '', conf: '', time: '' };

describe('searchOf', () => {
  it('is undefined if nothing is searched', () => {
    expect(searchOf(BLANK, NOW)).toBeUndefined();
  });

  it('replaces the parts of the text by filters', () => {
    const text = 'dog over 0.5 since 2026-01-01';
    expect(searchOf({ ...BLANK, text }, NOW)).toEqual({
      ...{ className: 'dog', minConf: 0.5, from: new Date(2026, 0, 1) },
    });
    expect(searchOf({ text, conf: '0.9', time: 'today' }, NOW)).toEqual({
      ...{ className: 'dog', minConf: 0.9, from: new Date(2026, 4, 7) },
    });
    const yesterday = { text: 'dog', conf: '', time: 'yesterday' };
    expect(searchOf(yesterday, NOW)).toMatchObject({ to: new Date(2026, 4, 7) });
  });

  it('refuses a text that is not understood', () => {
    expect(() => searchOf({ ...BLANK, text: 'dog over x' }, NOW)).toThrow('"x" is not understood');
  });
});

describe('describeSearch', () => {
  it('names each part', () => {
    expect(describeSearch({ minConf: 0.5, videoId: 'v' })).toBe(
      'any class · at least 50 % · in video v',
    );
  });
});

describe('exploreHash', () => {
  it.each([BLANK, { text: 'traffic light & > 0.5', conf: '0.9', time: 'last week' }])(
    'is read again: %j',
    (explored) => {
      const [, query = ''] = exploreHash(explored).split('?');
      expect(parseExplored(new URLSearchParams(query))).toEqual(explored);
    },
  );
});
