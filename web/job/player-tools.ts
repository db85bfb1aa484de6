import { element, icon, type IconName } from '../dom.js';
import { formatClock } from '../format.js';

interface PlayerToolsOptions {
  readonly video: HTMLVideoElement;
  /** Element shown in full screen: the video with its boxes. */
  readonly stage: HTMLElement;
  readonly step: (by: -1 | 1) => void;
  /** Whether the video is not available yet: only steps work. */
  readonly isWaiting: () => boolean;
  readonly signal: AbortSignal;
}

const SPEEDS = [0.25, 0.5, 1, 2];
/** Number of slider steps over the whole video. */
const SLIDER_STEPS = 1000;

/**
 * Player controls below the video. The browser's built-in controls would cover part of the frame and
 * show the video without boxes in full screen.
 */
export function playerTools(options: PlayerToolsOptions): HTMLElement {
  const { video, stage, step, isWaiting, signal } = options;
  const toggle = () => {
    if (!isWaiting()) void (video.paused ? video.play() : video.pause());
  };
  const stepBy = (by: -1 | 1) => () => {
    video.pause();
    step(by);
  };
  const steps = { ArrowLeft: stepBy(-1), ArrowRight: stepBy(1), ' ': toggle };
  stage.tabIndex = 0;
  stage.setAttribute('role', 'group');
  stage.setAttribute(
    'aria-label',
    'Video. Space plays and pauses; the arrow keys step through sampled frames.',
  );
  stage.addEventListener('click', toggle);
  stage.addEventListener('keydown', (event) => {
    const act = Object.entries(steps).find(([key]) => key === event.key)?.[1];
    if (!act) return;
    event.preventDefault();
    act();
  });
  return element(
    'div',
    { class: 'player-tools' },
    playButton(video, toggle, signal),
    stepButton('back', 'Previous sampled frame', stepBy(-1)),
    stepButton('forward', 'Next sampled frame', stepBy(1)),
    positionSlider(video, signal),
    timeDisplay(video, signal),
    speedSelect(video),
    soundButton(video),
    toolButton('fullscreen', 'Full screen', () => void stage.requestFullscreen()),
  );
}

function toolButton(name: IconName, label: string, onclick: () => void): HTMLButtonElement {
  const attributes = { class: 'btn btn-sm tool', 'aria-label': label, title: label };
  return element('button', { ...attributes, onclick }, icon(name));
}

function stepButton(name: IconName, label: string, onclick: () => void): HTMLButtonElement {
  const button = toolButton(name, label, onclick);
  button.classList.add('tool-step');
  return button;
}

function relabel(button: HTMLElement, name: IconName, label: string): void {
  button.replaceChildren(icon(name));
  button.setAttribute('aria-label', label);
  button.title = label;
}

function playButton(video: HTMLVideoElement, toggle: () => void, signal: AbortSignal) {
  const button = toolButton('play', 'Play', toggle);
  const show = () =>
    relabel(button, video.paused ? 'play' : 'pause', video.paused ? 'Play' : 'Pause');
  for (const name of ['play', 'pause', 'ended']) video.addEventListener(name, show, { signal });
  return button;
}

function soundButton(video: HTMLVideoElement) {
  const button = toolButton('muted', 'Unmute', () => {
    video.muted = !video.muted;
    relabel(button, video.muted ? 'muted' : 'sound', video.muted ? 'Unmute' : 'Mute');
  });
  return button;
}

function positionSlider(video: HTMLVideoElement, signal: AbortSignal): HTMLElement {
  const limits = { min: 0, max: SLIDER_STEPS, value: 0 };
  const slider = element('input', {
    ...{ type: 'range', class: 'form-range', 'aria-label': 'Position', ...limits },
  });
  slider.addEventListener('input', () => {
    if (video.duration > 0) {
      video.currentTime = (slider.valueAsNumber / SLIDER_STEPS) * video.duration;
    }
  });
  const follow = () => {
    const share = video.duration > 0 ? video.currentTime / video.duration : 0;
    slider.value = String(Math.round(share * SLIDER_STEPS));
    slider.setAttribute('aria-valuetext', formatClock(video.currentTime));
  };
  for (const name of ['timeupdate', 'seeked']) video.addEventListener(name, follow, { signal });
  return slider;
}

function timeDisplay(video: HTMLVideoElement, signal: AbortSignal): HTMLElement {
  const time = element('span', { class: 'player-time' });
  const show = () => {
    const length = Number.isFinite(video.duration) ? formatClock(video.duration) : '';
    time.textContent = `${formatClock(video.currentTime)} / ${length}`;
  };
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) {
    video.addEventListener(name, show, { signal });
  }
  return time;
}

function speedSelect(video: HTMLVideoElement): HTMLElement {
  const select = element(
    'select',
    { class: 'form-select form-select-sm', 'aria-label': 'Speed' },
    ...SPEEDS.map((speed) =>
      element('option', { value: speed, selected: speed === 1 }, `${speed}×`),
    ),
  );
  select.addEventListener('change', () => {
    video.playbackRate = Number(select.value);
  });
  return select;
}
