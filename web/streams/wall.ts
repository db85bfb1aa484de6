import type { Stream } from '../../api/types.js';
import { workInTurn } from '../api/in-turn.js';
import { getTimeline, listEvents } from '../api/streams.js';
import { element } from '../dom.js';
import { type CameraTile, cameraTile } from './camera-tile.js';
import { dayOf, STEP_S } from './day.js';
import { showStill } from './still.js';
import { hasImages } from './stream-text.js';

interface CameraWall {
  readonly root: HTMLElement;
  readonly update: (streams: readonly Stream[]) => void;
}

interface ShownTile extends CameraTile {
  stream: Stream;
  /** Time of the next read of the timeline, by the monotonic clock. */
  dayDueMs: number;
}

/** Interval between reads of the timeline of a camera. */
const DAY_MS = 30_000;

/**
 * Grid of cameras. Their images and timelines are read in turn, and only of those that are on the
 * screen, so that the number of requests does not grow with that of the cameras.
 */
export function cameraWall(signal: AbortSignal): CameraWall {
  const root = element('ul', { class: 'camera-wall' });
  const tiles = new Map<string, ShownTile>();
  const update = (streams: readonly Stream[]) => {
    const shown = streams.map((stream) => {
      const { scenario_uuid: uuid } = stream;
      const tile = tiles.get(uuid) ?? { ...cameraTile(stream), stream, dayDueMs: 0 };
      tiles.set(uuid, tile);
      tile.stream = stream;
      tile.update(stream);
      return tile.root;
    });
    const isSame = shown.length === root.childElementCount;
    if (isSame && shown.every((tile, index) => tile === root.children[index])) return;
    root.replaceChildren(...shown);
    for (const [uuid, tile] of tiles) if (!tile.root.isConnected) tiles.delete(uuid);
  };
  const work = async (tile: ShownTile) => {
    const { stream } = tile;
    if (hasImages(stream)) await refreshImage(tile, signal);
    if (performance.now() < tile.dayDueMs) return;
    tile.dayDueMs = performance.now() + DAY_MS;
    await refreshDay(tile, signal);
  };
  void workInTurn({ items: () => [...tiles.values()].filter(isOnScreen), work, signal });
  return { root, update };
}

function isOnScreen({ root }: CameraTile): boolean {
  if (document.hidden || !root.checkVisibility()) return false;
  const { top, bottom } = root.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

async function refreshImage({ stream, image, showImage }: ShownTile, signal: AbortSignal) {
  if (await showStill(stream.scenario_uuid, image, signal)) showImage();
}

async function refreshDay({ stream, showDay }: ShownTile, signal: AbortSignal): Promise<void> {
  const span = dayOf(Date.now());
  const timeline = await getTimeline(stream.scenario_uuid, span, STEP_S, signal);
  showDay(timeline, await listEvents(stream.scenario_uuid, { span }, signal));
}
