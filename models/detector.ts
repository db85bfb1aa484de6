import type { Detection, Size } from '../domain/detection.js';
import { createDecoder, type DecodeOptions, type Decoder } from './decode-output.js';
import { createInputTensor, type InputTensor } from './input-tensor.js';
import { letterboxOf, toFrame, type Letterbox } from './letterbox.js';
import type { Network } from './network.js';
import { suppress, takeBest, type NmsOptions } from './nms.js';
import { openSession, type NetworkSession, type SessionOptions } from './session.js';

export type DetectOptions = DecodeOptions & NmsOptions;

export interface DetectorOptions extends SessionOptions {
  readonly manifest: Network;
}

/**
 * A loaded network. Detections are in pixels of the frame (floats, not clipped to it) and in
 * falling order of confidence. Calls wait for each other; a call's bytes may be reused once it
 * has resolved.
 */
export interface Detector {
  /** The size in pixels to which a frame is to be resized before it is given to `detect…`. */
  contentSize(frame: Size): Size;
  /** Detects on planes G, B, R of 8 bits and of the content's size; `frame` is the full size. */
  detectPlanes(
    planes: Uint8Array,
    frame: Size,
    options: DetectOptions,
  ): Promise<readonly Detection[]>;
  /** Detects on pixels R, G, B of 8 bits and of the content's size; `frame` is the full size. */
  detectPixels(
    pixels: Uint8Array,
    frame: Size,
    options: DetectOptions,
  ): Promise<readonly Detection[]>;
  close(): Promise<void>;
}

/** Loads a network, checks it against its manifest, and runs it once so that no frame waits. */
export async function openDetector({ manifest, ...options }: DetectorOptions): Promise<Detector> {
  const input = createInputTensor(manifest);
  const decoder = createDecoder(manifest);
  const session = await openSession(manifest, input, decoder.tensors, options);
  const detector = new OnnxDetector(manifest, input, decoder, session);
  try {
    await detector.warmUp();
  } catch (error) {
    await detector.close();
    throw error;
  }
  return detector;
}

class OnnxDetector implements Detector {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly network: Network,
    private readonly input: InputTensor,
    private readonly decoder: Decoder,
    private readonly session: NetworkSession,
  ) {}

  contentSize(frame: Size): Size {
    return letterboxOf(frame, this.network.input).content;
  }

  detectPlanes(planes: Uint8Array, frame: Size, options: DetectOptions) {
    return this.detect(frame, options, (box) => this.input.fillFromPlanes(planes, box));
  }

  detectPixels(pixels: Uint8Array, frame: Size, options: DetectOptions) {
    return this.detect(frame, options, (box) => this.input.fillFromPixels(pixels, box));
  }

  /** One run on the empty input; every candidate is looked at, so that NaN shows here. */
  async warmUp(): Promise<void> {
    this.decoder.decode(await this.session.run(), { conf: 0 });
  }

  close(): Promise<void> {
    return this.inTurn(() => this.session.close());
  }

  private detect(frame: Size, options: DetectOptions, fill: (letterbox: Letterbox) => void) {
    return this.inTurn(async () => {
      const letterbox = letterboxOf(frame, this.network.input);
      fill(letterbox);
      const candidates = this.decoder.decode(await this.session.run(), options);
      const keep = this.decoder.finished ? takeBest : suppress;
      return keep(candidates, options).map((detection) => ({
        ...detection,
        bbox: toFrame(detection.bbox, letterbox),
      }));
    });
  }

  /** Input and output arrays are shared by all calls, so only one may be under way. */
  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const run = this.last.then(step);
    this.last = run.catch(() => undefined);
    return run;
  }
}
