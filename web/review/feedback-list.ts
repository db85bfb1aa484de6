import type { LoggedPrediction } from '../api/images.js';
import { element } from '../dom.js';

/** List of the feedback that people gave, oldest first; undefined without any. */
export function feedbackList(feedback: LoggedPrediction['feedback']): HTMLElement | undefined {
  if (feedback.length === 0) return undefined;
  const entries = feedback.map(({ by = 'someone', class: name, objects }) => {
    const named = objects?.map((object) => object.class).join(', ') || 'no objects';
    return element('li', {}, `${by}: ${name ?? (objects ? named : 'a comment')}`);
  });
  return element(
    'section',
    { class: 'review-feedback' },
    element('h3', {}, 'Feedback'),
    element('ul', {}, ...entries),
  );
}
