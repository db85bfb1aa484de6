import { expect, it } from 'vitest';
import { formatMoment, type Moment, parseMoment } from './moment.js';

const queryOf = (link: string) => new URLSearchParams(link.split('?')[1] ?? '');

it.each<[Moment, string]>([
  [{}, '#/job/a'],
  [{ timeS: 0 }, '#/job/a'],
  [{ timeS: 22.4, className: 'dog', minConfidence: 0.3 }, '#/job/a?t=22.4&class=dog&conf=0.3'],
  [{ timeS: 1.23456 }, '#/job/a?t=1.235'],
  [{ className: 'traffic light & co' }, '#/job/a?class=traffic+light+%26+co'],
])('links to %j', (moment, link) => expect(formatMoment('a', moment)).toBe(link));

it.each<[string, Moment]>([
  ['', {}],
  ['t=22.4&class=dog&conf=.3', { timeS: 22.4, className: 'dog', minConfidence: 0.3 }],
  ['t=-1&conf=1.2', {}],
  ['t=soon&conf=', {}],
  ['t=Infinity', {}],
])('reads %j', (query, moment) => {
  const none = { timeS: undefined, className: undefined, minConfidence: undefined };
  expect(parseMoment(new URLSearchParams(query))).toEqual({ ...none, ...moment });
});

it('reads what it links to', () => {
  const moment = { timeS: 3.25, className: 'кот', minConfidence: 0.5 };
  expect(parseMoment(queryOf(formatMoment('a', moment)))).toEqual(moment);
});
