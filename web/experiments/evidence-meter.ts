import { describeEvidence } from '../../domain/experiment/describe-evidence.js';
import type { Evidence } from '../../domain/experiment/report.js';
import { element } from '../dom.js';

const PERCENT = 100;

/** Meter of the evidence on a logarithmic scale, from 1 : 1 to the odds that decide. */
export function evidenceMeter(evidence: Evidence): HTMLElement {
  const text = describeEvidence({ evidence });
  const fraction = Math.log(Math.max(1, evidence.ratio)) / Math.log(evidence.decides_at);
  const percent = Math.round(Math.min(1, fraction) * PERCENT);
  const bar = element('div', { class: 'progress-bar' });
  bar.style.width = `${percent}%`;
  const track = element(
    'div',
    {
      ...{ class: 'progress evidence-track', role: 'meter', 'aria-label': 'Evidence' },
      ...{ 'aria-valuemin': 0, 'aria-valuemax': PERCENT, 'aria-valuenow': percent },
      'aria-valuetext': text,
    },
    bar,
  );
  return element(
    'div',
    { class: 'evidence' },
    element('p', { class: 'evidence-text' }, text),
    track,
    element(
      'div',
      { class: 'progress-caption evidence-scale', 'aria-hidden': 'true' },
      element('span', {}, '1 : 1'),
      element('span', {}, `${evidence.decides_at} : 1`),
    ),
  );
}
