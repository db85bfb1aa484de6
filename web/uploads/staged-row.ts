import { element, fill, icon } from '../dom.js';
import { formatBytes, formatDuration } from '../format.js';

/** Video that waits for its options: a file, a file that is already stored, or a URL. */
export interface StagedVideo {
  readonly name: string;
  readonly file?: File;
  readonly url?: string;
  /** Number of video tracks, if it is known. */
  readonly tracks?: number;
  /** Id of the stored video. */
  readonly videoId?: string;
  /** Why the API rejected its options. */
  readonly error?: string;
}

interface StagedRow {
  readonly root: HTMLElement;
  /** Releases the file. */
  readonly remove: () => void;
}

/** Row of a staged video: poster, name, length and size. */
export function stagedRow(
  { name, file, tracks = 1, videoId, error }: StagedVideo,
  onRemove: () => void,
): StagedRow {
  const facts = element('span', { class: 'upload-note' });
  const showFacts = (lengthS?: number) => {
    const known = [
      lengthS !== undefined && formatDuration(lengthS),
      file && formatBytes(file.size),
      tracks > 1 && `${tracks} video tracks`,
      videoId !== undefined && 'stored',
    ];
    fill(facts, known.filter(Boolean).join(' · '));
  };
  showFacts();
  const poster = filePoster(file, showFacts);
  const label = `Remove ${name}`;
  const button = element('button', { class: 'btn-close', type: 'button', 'aria-label': label });
  button.addEventListener('click', onRemove);
  const root = element(
    'div',
    { class: 'staged' },
    poster.root,
    element('div', {}, element('strong', { class: 'text-break' }, name), facts),
    button,
    error !== undefined && element('p', { class: 'staged-error', role: 'alert' }, error),
  );
  return {
    root,
    remove: () => {
      poster.release();
      root.remove();
    },
  };
}

/** First frame of a file that the browser can play, an icon otherwise. */
function filePoster(file: File | undefined, onLength: (lengthS: number) => void) {
  const root = element('div', { class: 'poster' }, icon('film'));
  if (!file) return { root, release: () => undefined };
  const video = element('video', { preload: 'metadata', 'aria-hidden': 'true' });
  video.muted = true;
  video.addEventListener('loadedmetadata', () => {
    if (Number.isFinite(video.duration)) onLength(video.duration);
    if (video.videoWidth > 0) root.replaceChildren(video);
  });
  const url = URL.createObjectURL(file);
  video.src = url;
  const release = () => {
    video.removeAttribute('src');
    URL.revokeObjectURL(url);
  };
  return { root, release };
}
