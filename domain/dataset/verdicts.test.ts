import { describe, expect, it } from 'vitest';
import type { ItemContent } from './dataset-item.js';
import { settleVerdicts, type Verdict } from './verdicts.js';

const person = (name: string) => ({ class: name, box: [1, 2, 3, 4] as const });

function verdict(by: string | null, second: number, content: ItemContent): Verdict {
  const time = new Date(second * 1000);
  return { by, content, time, source: { prediction_id: 'p' }, feedback_id: `${by}-${second}` };
}

describe('the verdicts on an image', () => {
  it('are settled by the latest of each person', () => {
    const verdicts = [
      verdict('ann', 3, { label: 'dog' }),
      verdict('ann', 1, { label: 'cat' }),
      verdict('bob', 2, { label: 'dog' }),
    ];
    expect(settleVerdicts(verdicts).verdict?.feedback_id).toBe('bob-2');
  });

  it('are not settled while people disagree', () => {
    const verdicts = [verdict('ann', 1, { label: 'cat' }), verdict('bob', 2, { label: 'dog' })];
    expect(settleVerdicts(verdicts)).toEqual({ people: ['ann', 'bob'] });
  });

  it('count from the first of equal ones', () => {
    const verdicts = [
      verdict(null, 1, { label: 'cat' }),
      verdict(null, 2, { label: 'dog' }),
      verdict(null, 3, { label: 'dog' }),
    ];
    expect(settleVerdicts(verdicts).verdict?.feedback_id).toBe('null-2');
  });

  it('are equal if they list the same objects in another order', () => {
    const [a, b] = [person('a'), person('b')];
    const verdicts = [
      verdict('ann', 1, { objects: [a, b] }),
      verdict('bob', 2, { objects: [b, a] }),
    ];
    expect(settleVerdicts(verdicts).verdict?.by).toBe('ann');
  });
});
