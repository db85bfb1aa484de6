import type { JobDetails } from '../../api/types.js';
import type { Size } from '../../domain/result/detection.js';
import { describeDiff } from '../../domain/result/diff/describe-diff.js';
import { type DiffRow, isDifferent } from '../../domain/result/diff/diff-frames.js';
import { diffVideoUrl } from '../api/diff.js';
import { jobUrl } from '../api/jobs.js';
import { element } from '../dom.js';
import type { DrawEntry } from '../job/draw-boxes.js';
import { frameGrid } from '../job/frame-grid.js';
import { createFrameImages } from '../job/frame-images.js';
import type { FrameEntry } from '../job/frame-index.js';
import { player } from '../job/player.js';
import { renderDownload } from '../job/render-download.js';
import { shareLink } from '../job/share-link.js';
import { tabs } from '../parts/tabs.js';
import { throttle } from '../throttle.js';
import { diffClasses } from './diff-classes.js';
import { diffFacts } from './diff-facts.js';
import { createDiffFrames } from './diff-frames.js';
import { type DiffLink, formatDiffLink } from './diff-link.js';
import { diffSide, minConfidence, type Side } from './diff-side.js';
import { diffSteps } from './diff-steps.js';
import { drawDiff } from './draw-diff.js';
import { showVideo } from './show-video.js';

interface DiffViewOptions {
  readonly a: JobDetails;
  readonly b: JobDetails;
  readonly link: DiffLink;
  readonly signal: AbortSignal;
}

export interface DiffView {
  readonly root: HTMLElement;
  readonly add: (row: DiffRow) => void;
  readonly setFrameSize: (size: Size) => void;
}

/** Minimum interval between redraws while frames arrive. */
const REDRAW_MS = 250;

/** Player with the boxes of two jobs, thresholds for each, and the frames and classes that differ. */
export function diffView({ a, b, link, signal }: DiffViewOptions): DiffView {
  const jobs = { a, b };
  const thresholds = {
    a: Math.max(link.confA ?? 0, minConfidence(a)),
    b: Math.max(link.confB ?? 0, minConfidence(b)),
  };
  const frames = createDiffFrames(thresholds);
  let showsSame = true;
  let size: Size | undefined;
  const draw: DrawEntry = (context, { frame }, place) => {
    const row = frames.rowAt(frame);
    if (row) drawDiff(context, row, { ...place, showsSame });
  };
  const matches = ({ frame }: FrameEntry) => {
    const row = frames.rowAt(frame);
    return row !== undefined && (row.type === 'skipped' || isDifferent(row));
  };
  const stored = [a, b].find(({ parameters }) => parameters?.frames !== 'none');
  const view = player({
    ...{ frames: frames.index, draw, signal },
    storedUrl: stored && ((frame) => jobUrl(stored.event_id, `frames/${frame}.jpg`)),
    onStoredFrame: () => share.update(),
  });
  if (link.timeS !== undefined) view.startAt(link.timeS);
  const changed = (side: Side) =>
    thresholds[side] === minConfidence(jobs[side]) ? undefined : thresholds[side];
  const shown = (): DiffLink => ({ ...link, confA: changed('a'), confB: changed('b') });
  const share = shareLink({
    ...{ video: view.video, timeS: view.timeS, signal },
    hashAt: (timeS) => formatDiffLink({ ...shown(), timeS }),
  });
  const video = renderDownload({
    ...{ title: 'Video of the differences', text: 'MP4 of the frames that differ', signal },
    url: () => diffVideoUrl(shown()),
  });
  const show = ({ timestampMs }: FrameEntry) => {
    view.video.pause();
    view.seek(timestampMs);
    view.root.scrollIntoView({ block: 'nearest' });
  };
  const grid = frameGrid({
    ...{
      images: createFrameImages((stored ?? a).event_id, view.source, stored !== undefined),
      draw,
      onSelect: show,
    },
    describe: ({ frame }) => describeDiff(frames.rowAt(frame)!) || 'no difference',
    only: { label: 'Only frames that differ', isChecked: true, matches },
    frameSize: () => size,
  });
  const classes = diffClasses();
  const facts = diffFacts();
  const steps = diffSteps({ index: frames.index, matches, timeS: view.timeS, onSelect: show });
  const redraw = () => {
    if (signal.aborted) return;
    const counts = frames.counts();
    facts.update(counts);
    classes.update(counts);
    grid.update(frames.index.entries(), [thresholds, showsSame]);
    view.redraw();
  };
  const update = throttle(redraw, (work) => setTimeout(work, REDRAW_MS));
  const compare = throttle(() => {
    frames.setThresholds(thresholds);
    share.update();
    redraw();
  }, requestAnimationFrame);
  const sideOf = (side: Side) =>
    diffSide(side, {
      ...{ job: jobs[side], conf: thresholds[side] },
      onConf: (conf) => {
        thresholds[side] = conf;
        compare();
      },
    });
  const sameBox = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
  sameBox.addEventListener('change', () => {
    showsSame = sameBox.checked;
    redraw();
  });
  const sameLabel = element(
    'label',
    { class: 'form-check' },
    sameBox,
    ' Boxes of the same objects',
  );
  const root = element(
    'div',
    { class: 'job-view' },
    element(
      'div',
      { class: 'job-columns' },
      element('section', { class: 'player-card', 'aria-label': 'Video' }, view.root, steps),
      element(
        'aside',
        { class: 'card card-body job-side' },
        ...[facts.root, sideOf('a'), sideOf('b'), sameLabel, share.root, video],
      ),
    ),
    tabs('Frames and classes', [
      { title: 'Frames', content: grid.root },
      { title: 'Classes', content: classes.root },
    ]),
  );
  showVideo(a.event_id, view, signal);
  return {
    root,
    add: (row) => {
      frames.add(row);
      update();
    },
    setFrameSize: (next) => {
      size = next;
      view.setFrameSize(next);
    },
  };
}
