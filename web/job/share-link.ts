import { element, fill } from '../dom.js';
import { formatClock } from '../format.js';
import { showMessage } from '../parts/messages.js';

interface ShareLinkOptions {
  readonly video: HTMLVideoElement;
  /** Seconds from the start of what is shown. */
  readonly timeS: () => number;
  /** Returns the hash of the URL of the page at a time. */
  readonly hashAt: (timeS: number) => string;
  readonly signal: AbortSignal;
}

interface ShareLink {
  /** Button that copies the link. */
  readonly root: HTMLElement;
  /** Writes the moment into the page's URL, so that a reload shows it. */
  readonly update: () => void;
}

/** Keeps the URL of the page at the moment that is shown, and offers it as a link. */
export function shareLink(options: ShareLinkOptions): ShareLink {
  const { video, hashAt, signal } = options;
  const root = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Share');
  const update = () => {
    if (signal.aborted) return;
    const timeS = options.timeS();
    // Replaces the entry: the back button leads to the list, not to each moment.
    history.replaceState(null, '', hashAt(timeS));
    fill(root, `Share at ${formatClock(timeS)}`);
  };
  const onSeeked = () => {
    if (video.paused) update();
  };
  video.addEventListener('pause', update, { signal });
  video.addEventListener('seeked', onSeeked, { signal });
  root.addEventListener('click', () => {
    update();
    void copy(location.href);
  });
  return { root, update };
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showMessage('Link copied.');
  } catch {
    showMessage(`The browser does not permit copying. The link is ${text}`); // not HTTPS
  }
}
