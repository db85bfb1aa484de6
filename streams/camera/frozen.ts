import { causeOf } from '../../domain/stream/gap.js';
import { createFreezeWatch, type SourceMotion } from '../../domain/stream/freeze-watch.js';
import type { FrameSink } from './frame-sink.js';
import { Interrupt } from './interrupt.js';

/** Notices that a camera repeats one frame, over its connections. */
export interface FrozenCheck {
  /** Returns why the connection must be opened again; undefined if it need not. */
  frame(pixels: Uint8Array, keyframes: number): Interrupt | undefined;
  /** Reports that the connection was opened again. */
  readonly reconnected: () => void;
}

const STILL_SOURCE =
  'The camera repeats one image, also over a new connection, as a screen does. Check it if the ' +
  'scene moves.';

export function createFrozenCheck({ note }: Pick<FrameSink, 'note'>): FrozenCheck {
  const watch = createFreezeWatch();
  let motion: SourceMotion = 'moving';
  return {
    frame(pixels, keyframes) {
      const before = motion;
      motion = watch.frame(performance.now(), pixels, keyframes);
      if (motion === before) return undefined;
      note(motion === 'still_source' ? STILL_SOURCE : undefined);
      if (motion !== 'frozen') return undefined;
      const cause = causeOf('picture_frozen');
      return new Interrupt('the image is frozen', { state: 'frozen', cause });
    },
    reconnected: () => watch.reconnected(),
  };
}
