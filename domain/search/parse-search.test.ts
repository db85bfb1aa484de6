import { describe, expect, it } from 'vitest';
import { parseSearch } from './parse-search.js';

/** A Thursday. */
const NOW = new Date(2026, 4, 7, 15, 30);
const day = (month: number, date: number) => new Date(2026, month - 1, date);
const parse = (text: string) => parseSearch(text, NOW);

describe('parseSearch', () => {
  it('reads class, confidence and time in any order', () => {
    const search = { className: 'dog', minConf: 0.5, from: day(5, 4) };
    expect(parse('dog over 0.5 this week')).toEqual(search);
    expect(parse('  this week  dog above 50% ')).toEqual(search);
    expect(parse('OVER .5 Dog This Week')).toEqual({ ...search, className: 'Dog' });
  });

  it.each([
    ['', {}],
    ['dog', { className: 'dog' }],
    ['traffic  light > 0.3', { className: 'traffic light', minConf: 0.3 }],
    ['car>=0.7', { className: 'car', minConf: 0.7 }],
    ['"over" at least 90%', { className: 'over', minConf: 0.9 }],
    ['at least 1', { minConf: 1 }],
    ['dog in street-5a0c33de9f21', { className: 'dog', videoId: 'street-5a0c33de9f21' }],
    [
      'in camera 5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c today',
      { scenarioUuid: '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c', from: day(5, 7) },
    ],
  ])('reads %j', (text, search) => {
    expect(parse(text)).toEqual(search);
  });

  it.each([
    ['today', { from: day(5, 7) }],
    ['yesterday', { from: day(5, 6), to: day(5, 7) }],
    ['this week', { from: day(5, 4) }],
    ['last week', { from: day(4, 27), to: day(5, 4) }],
    ['this month', { from: day(5, 1) }],
    ['last month', { from: day(4, 1), to: day(5, 1) }],
    ['last 3 days', { from: new Date(2026, 4, 4, 15, 30) }],
    ['in the past week', { from: new Date(2026, 3, 30, 15, 30) }],
    ['last 2 months', { from: new Date(2026, 2, 7, 15, 30) }],
    ['last 90 minutes', { from: new Date(2026, 4, 7, 14, 0) }],
    ['last hour', { from: new Date(2026, 4, 7, 14, 30) }],
    ['since 2026-04-30', { from: day(4, 30) }],
    ['before 2026-04-30', { to: day(4, 30) }],
    ['on 2026-04-30', { from: day(4, 30), to: day(5, 1) }],
    ['from 2026-04-01 to 2026-04-30', { from: day(4, 1), to: day(5, 1) }],
  ])('reads the time %j', (text, span) => {
    expect(parse(`dog ${text}`)).toEqual({ className: 'dog', ...span });
  });

  it.each([
    ['dog over banana', '"banana" is not understood. Expected a confidence of 0 to 1'],
    ['dog over 7', '"7" is not understood'],
    ['dog over 120%', '"120%" is not understood'],
    ['dog under 0.5', '"under" is not understood. A search is a class ("dog"), a confidence'],
    ['dog and cat', '"and" is not understood'],
    ['dog last fortnight', '"last" is not understood'],
    ['dog in some/place', '"some/place" is not understood. Expected the id of a video'],
    ['dog since 2026-02-30', 'The day 2026-02-30 does not exist'],
    ['dog today since 2026-05-01', 'The search has two times'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
