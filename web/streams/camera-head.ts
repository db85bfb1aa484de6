import type { Stream } from '../../api/types.js';
import { element, fill, icon } from '../dom.js';
import { formatCount, formatDate, joinFacts } from '../format.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';
import { cameraActions } from './camera-actions.js';
import { stateBadge } from './state-badge.js';
import { describeParameters, describeSince, hasImages, nameOf } from './stream-text.js';

interface CameraHead {
  readonly root: HTMLElement;
  readonly update: (stream: Stream) => void;
}

/** Head of the page of a camera: name, state and actions. */
export function cameraHead(onChanged: () => void): CameraHead {
  const title = element('h1', { class: 'text-break' });
  const badge = element('div', {});
  const actions = element('div', { class: 'job-actions' });
  const facts = element('p', { class: 'job-head-facts' });
  let shown = '';
  const update = (stream: Stream) => {
    document.title = `${nameOf(stream)} · Vidette`;
    fill(title, nameOf(stream));
    fill(badge, stateBadge(stream));
    fill(facts, ...factsOf(stream));
    const state = JSON.stringify([stream.state, stream.ended_at, stream.parameters]);
    if (state === shown) return; // keeps the focus on a button
    shown = state;
    const onDeleted = () => (location.hash = '#/cameras');
    fill(actions, ...cameraActions(stream, { onChanged, onDeleted }));
  };
  const back = element('a', { class: 'back-link', href: '#/cameras' }, icon('back'), 'Cameras');
  const row = element('div', { class: 'job-title' }, title, badge, actions);
  return { root: element('div', {}, back, row, facts), update };
}

function factsOf(stream: Stream): readonly HTMLElement[] {
  const { camera, started_at, scenario_uuid } = stream;
  const texts = joinFacts([
    camera !== nameOf(stream) && camera,
    describeParameters(stream),
    `started ${formatDate(started_at)}`,
  ]);
  return [element('span', {}, texts), element('code', {}, scenario_uuid)];
}

/** Figures of a camera at this moment, and its message. */
export function cameraFigures(stream: Stream): HTMLElement {
  const { fps, lag_ms, frame_number, parameters, since, message } = stream;
  // Without images, the live view shows the message.
  const isSlow = hasImages(stream) && stream.state !== 'live';
  const wanted = parameters ? ` of ${parameters.fps}` : '';
  const facts: readonly Fact[] = [
    ['In this state for', describeSince(since, Date.now()) || '–'],
    ['Frames per second', lag_ms === null ? '–' : `${fps.toFixed(1)}${wanted}`],
    ['Lag', lag_ms === null ? '–' : `${Math.round(lag_ms)} ms`],
    ['Frames', frame_number === null ? '–' : formatCount(frame_number)],
  ];
  return element(
    'div',
    {},
    factGrid(facts),
    isSlow && element('p', { class: 'camera-message text-break' }, message),
  );
}
