import { expect, it } from 'vitest';
import { ALL_SEARCH_ATTRIBUTES, SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { describeMissing } from './check-search-attributes.js';

const { classes, frames, rerunOf, streamState } = SEARCH_ATTRIBUTES;

it('accepts a namespace that has all search attributes', () => {
  expect(describeMissing([], 'videos')).toMatchObject({ state: 'ok' });
});

it('gives the command that registers those that jobs and scenarios do not need', () => {
  const { state, message } = describeMissing([classes, frames, streamState], 'videos');
  expect(state).toBe('note');
  expect(message).toContain('lacks Classes, Frames, StreamState, or has them with another type');
  expect(message).toMatch(
    /temporal operator search-attribute create --namespace videos --name Classes --type KeywordList --name Frames --type Int --name StreamState --type Keyword$/,
  );
});

it('does not count the job that a rerun repeats as required', () => {
  expect(describeMissing([rerunOf], 'videos')).toMatchObject({ state: 'note' });
});

it('reports those that workers require as missing', () => {
  const { state, message } = describeMissing(ALL_SEARCH_ATTRIBUTES, 'videos');
  expect(state).toBe('missing');
  expect(message).toContain('no worker starts');
});
