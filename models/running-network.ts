import type { Size } from '../domain/detection.js';
import type { OutputTensor, TensorShape } from './families/index.js';
import { createInputTensor, type InputTensor } from './input-tensor.js';
import { letterboxOf, type Letterbox } from './letterbox.js';
import type { Network } from './network.js';
import { openSession, type SessionOptions } from './session.js';
import { createTurns } from './turns.js';

export interface NetworkOptions extends SessionOptions {
  readonly manifest: Network;
}

/** What reads a run's outputs, before the next run overwrites them. */
type Read<T> = (outputs: readonly OutputTensor[], letterbox: Letterbox) => T;

/**
 * A loaded network that takes frames and gives tensors. Calls wait for each other; a call's bytes
 * may be reused once it has resolved.
 */
export interface RunningNetwork {
  /** The size in pixels to which a frame is to be resized before the network is run on it. */
  readonly contentSize: (frame: Size) => Size;
  /** Runs on planes G, B, R of 8 bits and of the content's size; `frame` is the full size. */
  readonly runOnPlanes: <T>(planes: Uint8Array, frame: Size, read: Read<T>) => Promise<T>;
  /** Runs on pixels R, G, B of 8 bits and of the content's size; `frame` is the full size. */
  readonly runOnPixels: <T>(pixels: Uint8Array, frame: Size, read: Read<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/**
 * Loads a network, checks it against its manifest, and runs it once on an empty input, so that no
 * frame waits; `check` is given what comes out.
 */
export async function openNetwork(
  { manifest, ...options }: NetworkOptions,
  shapes: readonly TensorShape[],
  check: (outputs: readonly OutputTensor[]) => void,
): Promise<RunningNetwork> {
  const input = createInputTensor(manifest);
  const session = await openSession(manifest, input, shapes, options);
  const inTurn = createTurns();
  const run = <T>(frame: Size, fill: (letterbox: Letterbox) => void, read: Read<T>): Promise<T> =>
    inTurn(async () => {
      const letterbox = letterboxOf(frame, manifest.input);
      fill(letterbox);
      return read(await session.run(), letterbox);
    });
  try {
    check(await session.run());
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    contentSize: (frame) => letterboxOf(frame, manifest.input).content,
    runOnPlanes: (planes, frame, read) => run(frame, fillWith(input.fillFromPlanes, planes), read),
    runOnPixels: (pixels, frame, read) => run(frame, fillWith(input.fillFromPixels, pixels), read),
    close: () => inTurn(() => session.close()),
  };
}

function fillWith(fill: InputTensor['fillFromPixels'], bytes: Uint8Array) {
  return (letterbox: Letterbox) => fill(bytes, letterbox);
}
