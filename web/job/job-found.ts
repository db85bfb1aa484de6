import type { ResultOverview } from '../../api/types.js';
import { fill } from '../dom.js';
import { classTotals } from './counts.js';
import { clipPanel } from './clip-panel.js';
import type { Filter } from './filter.js';
import { type FoundObject, type FoundObjects, shownFound } from './found-objects.js';
import type { FrameEntry } from './frame-index.js';
import type { FrameImages } from './frame-images.js';
import { jobSide } from './job-side.js';
import type { Player } from './player.js';
import { timelinePreview } from './timeline-preview.js';
import { timeline } from './timeline.js';

interface JobFoundOptions {
  readonly eventId: string;
  readonly player: Pick<Player, 'video' | 'seek' | 'timeS'>;
  readonly images: FrameImages;
  /** Whether the job follows objects, which then have bars in the timeline. */
  readonly isTracked: boolean;
  readonly colourOf: (className: string) => string;
  /** Minimum confidence at first, 0 to 1. */
  readonly minConfidence: number;
  /** Duration of the video in ms. */
  readonly lengthMs: () => number;
  readonly onChange: (changes: Partial<Filter>) => void;
  /** Stops the video at a time. */
  readonly show: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

interface JobFound {
  readonly timeline: HTMLElement;
  readonly side: HTMLElement;
  /** Adds a line to the timeline: a label and a strip. */
  readonly appendLine: (nodes: readonly HTMLElement[]) => void;
  readonly update: (entries: readonly FrameEntry[], filter: Filter) => void;
  /** Marks a time of a video that is not available yet. */
  readonly showTime: (timestampMs: number) => void;
  readonly showSummary: (summary: ResultOverview) => void;
  readonly showFound: (found: FoundObjects) => void;
}

/** What a job found, on the timeline and beside the video, with a common selection of an object. */
export function jobFound(options: JobFoundOptions): JobFound {
  const { eventId, player, images, isTracked, colourOf, minConfidence, signal } = options;
  const { lengthMs, onChange, show } = options;
  let found: FoundObjects = { objects: [], isComplete: true };
  const select = (object: FoundObject) => {
    for (const part of [lines, side, clips]) part.select(object);
  };
  const lines = timeline({
    ...{ video: player.video, colourOf, signal },
    ...{ seek: player.seek, onSelect: select },
  });
  const side = jobSide({
    ...{ images, colourOf, minConfidence, onChange, signal },
    onSelect: (object) => {
      select(object);
      show(object.best.timestamp_ms);
    },
  });
  const clips = clipPanel({ eventId, timeS: player.timeS, lengthMs, signal });
  timelinePreview({ eventId, timeline: lines.root, lengthMs, signal });
  const update = (entries: readonly FrameEntry[], filter: Filter) => {
    const totals = classTotals(entries, filter);
    const tracks = isTracked && found.objects.length > 0 ? shownFound(found, filter) : undefined;
    lines.update({ entries, filter, classes: [...totals.keys()], tracks });
    side.update(totals, filter);
  };
  return {
    ...{ timeline: lines.root, side: side.root, update, showTime: lines.showTime },
    appendLine: lines.append,
    showSummary: (summary) => {
      side.showSummary(summary);
      fill(side.actions, clips.root);
    },
    showFound: (now) => {
      found = now;
      side.showFound(now);
    },
  };
}
