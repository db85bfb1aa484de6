import { element } from '../dom.js';
import { type ClassFilter, isClassShown } from './filter.js';
import type { FoundObject } from './found-objects.js';
import { createStrip, drawStrip } from './timeline-strip.js';
import { trackBars } from './track-bars.js';

interface LineOptions {
  readonly name: string;
  readonly colour: string;
  readonly onShare: (share: number) => void;
  readonly onSelect: (object: FoundObject) => void;
}

export interface TimelineLine {
  /** Label and strip. */
  readonly nodes: readonly HTMLElement[];
  readonly update: (counts: readonly number[], filter: ClassFilter) => void;
  /** Shows a bar for each track in place of the counts. */
  readonly showTracks: (tracks: readonly FoundObject[], durationMs: number) => void;
  readonly select: (selected: FoundObject | undefined) => void;
}

/** Line of a class: its name and when it appears. */
export function timelineLine({ name, colour, onShare, onSelect }: LineOptions): TimelineLine {
  const label = element('span', { class: 'timeline-label', title: name }, name);
  label.style.setProperty('--class-colour', colour);
  const strip = createStrip(onShare);
  const bars = trackBars({ colour, onShare, onSelect });
  const update = (counts: readonly number[], filter: ClassFilter) => {
    for (const each of [strip, bars.root]) {
      each.classList.toggle('is-hidden', !isClassShown(name, filter));
    }
    drawStrip(strip, counts, colour);
  };
  const showTracks = (tracks: readonly FoundObject[], durationMs: number) => {
    if (!bars.root.isConnected) lane.replaceChildren(bars.root);
    bars.update(tracks, durationMs);
  };
  const lane = element('div', { class: 'timeline-lane' }, strip);
  return { nodes: [label, lane], update, showTracks, select: bars.select };
}
