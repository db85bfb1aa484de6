import { getSprite, type JobSprite } from '../api/sprites.js';
import { element } from '../dom.js';
import { showTile } from '../job/sprite-tile.js';

/** Time that the mouse rests on a poster before its sprite is requested, which may start a render. */
const REST_MS = 300;

/** Shows moments of a video while the mouse moves over its poster: the start at the left, the end at the right. */
export function posterPreview(poster: HTMLElement, eventId: string): void {
  const image = element('div', { class: 'poster-preview', 'aria-hidden': 'true' });
  let sprite: JobSprite | undefined;
  let entered: AbortController | undefined;
  const load = async ({ signal }: AbortController) => {
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (!signal.aborted) sprite ??= await getSprite(eventId, signal);
  };
  const show = ({ clientX }: PointerEvent) => {
    if (!sprite) return;
    const { left, width, height } = poster.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    showTile(image, sprite, share * (sprite.times_ms.at(-1) ?? 0), { width, height });
    if (!image.isConnected) poster.append(image);
  };
  poster.addEventListener('pointerenter', (event) => {
    if (event.pointerType !== 'mouse') return;
    entered = new AbortController();
    load(entered).then(
      () => entered && show(event),
      () => undefined, // the poster remains
    );
  });
  poster.addEventListener('pointermove', show);
  poster.addEventListener('pointerleave', () => {
    entered?.abort();
    entered = undefined;
    image.remove();
  });
}
