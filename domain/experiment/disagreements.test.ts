import { expect, it } from 'vitest';
import { countLabels, listDisagreements } from './disagreements.js';
import type { JudgedImage } from './judge-images.js';
import { logPairEvidence } from './pair-evidence.js';

const image = (
  id: number,
  champion: string,
  challenger?: string | null,
  label?: string,
): JudgedImage => ({
  ...{ prediction_id: `p${id}`, label },
  answers: { champion, ...(challenger !== undefined && { challenger }) },
});

const IMAGES = [
  image(1, 'cod', 'eel'),
  image(2, 'cod', 'cod'),
  image(3, 'cod', null),
  image(4, 'cod'),
  image(5, 'cod', 'eel', 'eel'),
  image(6, 'eel', 'ray'),
  image(7, 'cod', 'cod', 'cod'),
];

it('lists pairs that differ and have no label, the newest first', () => {
  expect(listDisagreements(IMAGES)).toEqual(['p6', 'p3', 'p1']);
  expect(listDisagreements(IMAGES, 'p6')).toEqual(['p3', 'p1']);
  expect(listDisagreements(IMAGES, 'p1')).toEqual([]);
});

it('counts the labels of pairs that agree and of those that differ', () => {
  const pairs = IMAGES.filter(({ answers }) => 'challenger' in answers);
  expect(countLabels(pairs)).toEqual({
    agree: { images: 2, labelled: 1 },
    differ: { images: 4, labelled: 1 },
  });
});

it('leaves out no image that moves the evidence', () => {
  const evidenceOf = (images: readonly JudgedImage[], truth: string) => {
    const right = (arm: 'champion' | 'challenger') =>
      images.filter(({ answers: { [arm]: own, ...rest } }) => {
        const [other] = Object.values(rest);
        return own === truth && other !== truth;
      }).length;
    return logPairEvidence({ wins: right('challenger'), losses: right('champion') });
  };
  const pairs = IMAGES.filter(({ answers }) => 'challenger' in answers);
  const differing = pairs.filter(({ answers }) => answers.champion !== answers.challenger);
  for (const truth of ['cod', 'eel', 'ray', 'tuna'])
    expect(evidenceOf(differing, truth)).toBe(evidenceOf(pairs, truth));
});
