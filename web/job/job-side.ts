import type { ResultOverview } from '../../api/types.js';
import { element, fill } from '../dom.js';
import { pluralize } from '../format.js';
import { classChips } from './class-chips.js';
import { confidenceSlider } from './confidence-slider.js';
import { describeCounts, describeTracks } from './describe-found.js';
import { facts } from './facts.js';
import { type ClassFilter, type Filter, isClassShown } from './filter.js';
import { foundCrops } from './found-crops.js';
import { type FoundObject, type FoundObjects, shownFound } from './found-objects.js';
import type { FrameImages } from './frame-images.js';

interface JobSideOptions {
  readonly images: FrameImages;
  readonly colourOf: (className: string) => string;
  /** Minimum confidence at first, 0 to 1. */
  readonly minConfidence: number;
  readonly onChange: (changes: Partial<Filter>) => void;
  readonly onSelect: (object: FoundObject) => void;
  readonly signal: AbortSignal;
}

interface JobSide {
  readonly root: HTMLElement;
  /** Place for what can be done with the selected object. */
  readonly actions: HTMLElement;
  /** @param totals detections of each class that are confident enough */
  readonly update: (totals: ReadonlyMap<string, number>, filter: Filter) => void;
  readonly showSummary: (summary: ResultOverview) => void;
  readonly showFound: (found: FoundObjects) => void;
  readonly select: (selected: FoundObject | undefined) => void;
}

/** What a job found: counts, classes to show, minimum confidence, and a crop of each object. */
export function jobSide(options: JobSideOptions): JobSide {
  const { images, colourOf, minConfidence, onChange, onSelect, signal } = options;
  const title = element('h2', { class: 'side-title' });
  const chips = classChips({ colourOf, onClasses: onChange });
  const slider = confidenceSlider(minConfidence, (value) => onChange({ minConfidence: value }));
  const crops = foundCrops({ images, colourOf, onSelect, signal });
  const actions = element('div', { class: 'side-actions' });
  const figures = element('div', {});
  let summary: ResultOverview | undefined;
  let found: FoundObjects = { objects: [], isComplete: true };
  const update = (totals: ReadonlyMap<string, number>, filter: Filter) => {
    chips.update(totals, filter);
    const shown = shownFound(found, filter);
    fill(title, titleOf(shown));
    crops.update(shown);

    function titleOf(objects: readonly FoundObject[]): string {
      const tracked = summary?.tracks_by_class;
      if (tracked && (!found.isComplete || found.objects.length === 0)) {
        return describeCounts(Object.entries(tracked));
      }
      if (tracked) return describeTracks(objects);
      return pluralize(countDetections(totals, filter), 'detection');
    }
  };
  const root = element(
    'aside',
    { class: 'card card-body job-side', 'aria-label': 'What was found' },
    ...[title, chips.root, slider, crops.root, actions, figures],
  );
  return {
    ...{ root, actions, update, select: crops.select },
    showSummary: (now) => {
      summary = now;
      fill(figures, facts(now));
    },
    showFound: (now) => {
      found = now;
    },
  };
}

/** Number of detections of the classes that are shown. */
function countDetections(totals: ReadonlyMap<string, number>, classes: ClassFilter): number {
  const shown = [...totals].filter(([name]) => isClassShown(name, classes));
  return shown.reduce((sum, [, count]) => sum + count, 0);
}
