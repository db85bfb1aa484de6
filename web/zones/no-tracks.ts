import { deriveJob, jobPageHash } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';

/** Notice that a job has no tracks to count, with a button that makes a job with tracks from it. */
export function noTracksNotice(eventId: string): HTMLElement {
  const error = element('p', { class: 'box-error', role: 'alert' });
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-sm btn-primary' },
    'Make tracks',
  );
  const start = async () => {
    button.disabled = true;
    fill(error);
    try {
      const { event_id } = await deriveJob(eventId, { tracking: true });
      location.hash = jobPageHash(event_id);
    } catch (cause) {
      button.disabled = false;
      fill(error, messageOf(cause));
    }
  };
  button.addEventListener('click', () => void start());
  return element(
    'div',
    { class: 'alert alert-warning notice' },
    icon('warning'),
    element(
      'div',
      {},
      element('strong', {}, 'This job has no tracks'),
      element(
        'p',
        { class: 'mb-2' },
        'Zones count objects that are followed. Another job can follow the stored detections, without running the model again.',
      ),
      button,
      error,
    ),
  );
}
