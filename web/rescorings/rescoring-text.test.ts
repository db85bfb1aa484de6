import { describe, expect, it } from 'vitest';
import {
  countPast,
  describeRescoreStage,
  formatAgreement,
  rescoringHash,
  rescoringTitle,
} from './rescoring-text.js';

describe('texts of rescorings', () => {
  it('name both models', () => {
    expect(rescoringTitle({ model: 'fish@4', of: 'fish@3' })).toBe(
      'fish 4 on past predictions of fish 3',
    );
    expect(rescoringTitle({ model: 'road@1', of: 'city' })).toBe(
      'road 1 on past predictions of city',
    );
  });

  it('have the stage, with the numbers once they are known', () => {
    const stage = (progress: Parameters<typeof describeRescoreStage>[0]['progress']) =>
      describeRescoreStage({ progress });
    expect(stage(null)).toBe('Starting');
    expect(stage({ stage: 'listing', images: null, jobs: null })).toBe('Listing past predictions');
    expect(stage({ stage: 'images', images: 20, jobs: 1 })).toBe(
      'Predicting images · 20 images, 1 job',
    );
  });

  it('format counts and shares', () => {
    expect(countPast(1, 0)).toBe('1 image, 0 jobs');
    expect(formatAgreement(0.962)).toBe('96.2 %');
    expect(formatAgreement(null)).toBe('–');
  });

  it('link to a rescoring', () => {
    expect(rescoringHash('week-1')).toBe('#/rescoring/week-1');
  });
});
