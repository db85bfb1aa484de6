import { element, fill } from '../dom.js';
import { formatDuration, formatPercent, joinFacts } from '../format.js';
import type { DaySums } from './day.js';
import { reasonText, type Tone, toneOfReason } from './stream-text.js';

interface DayLegend {
  readonly root: HTMLElement;
  readonly update: (sums: DaySums) => void;
}

/** Time of today that was seen, and each reason for which it was not, with their shares. */
export function dayLegend(): DayLegend {
  const root = element('dl', { class: 'day-legend' });
  const update = ({ seenS, gaps }: DaySums) => {
    const total = gaps.reduce((sum, [, seconds]) => sum + seconds, seenS);
    const entries = [
      { tone: 'seen' as Tone, text: 'seen', seconds: seenS },
      ...gaps.map(([reason, seconds]) => ({
        ...{ tone: toneOfReason(reason), text: reasonText(reason), seconds },
      })),
    ];
    fill(
      root,
      ...entries.map(({ tone, text, seconds }) =>
        element(
          'div',
          {},
          element('dt', {}, element('span', { class: `swatch tone-${tone}` }), text),
          element(
            'dd',
            {},
            joinFacts([formatDuration(seconds), total > 0 && formatShare(seconds / total)]),
          ),
        ),
      ),
    );
  };
  return { root, update };
}

/** Formats a share, of which a small one is not nothing. */
const formatShare = (share: number) =>
  share > 0 && share < 0.005 ? 'under 1 %' : formatPercent(share);
