import { createUnitConverter } from '../../adapters/camera/rtsp-units.js';
import { type LiveFrame, startLiveDecoder } from '../../adapters/camera/live-decoder.js';
import { openRtspCamera, type RtspCamera } from '../../adapters/rtsp/rtsp-camera.js';
import type { TimedUnit } from '../../adapters/rtsp/track-reader.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { slotAt } from '../../domain/stream/slots.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import { readNumber } from '../support/numbered-clip.js';
import { CLIP_SIZE, type CameraClip } from './camera-clip.js';

/** An access unit that arrived. */
export interface ArrivedUnit extends Pick<AccessUnit, 'ts' | 'arrival'> {
  /** Number of units before it. */
  readonly index: number;
  /** Index of its slot. */
  readonly slot: number;
}

/** A frame of the clip as the decoder returns it. */
export interface NumberedFrame extends LiveFrame {
  /** Number that the frame shows. */
  readonly number: number;
  readonly unit: ArrivedUnit;
}

/** A camera whose video is read and decoded. */
export interface DecodedCamera {
  readonly camera: RtspCamera;
  /** Units from the first keyframe on. */
  readonly units: readonly ArrivedUnit[];
  readonly frames: readonly NumberedFrame[];
  readonly close: () => Promise<void>;
}

const DECODED_FPS = 2;
const SIZE = { width: CLIP_SIZE.width / 2, height: CLIP_SIZE.height / 2 };
const OUTPUT = { fps: DECODED_FPS, size: SIZE, maxPixels: 8_294_400 };

/** Reads a camera and decodes one frame per slot. */
export async function decodeCamera(
  url: string,
  { codec }: Pick<CameraClip, 'codec'>,
  launcher: string,
): Promise<DecodedCamera> {
  const frames: NumberedFrame[] = [];
  const units: ArrivedUnit[] = [];
  const queue = createUnitQueue({ maxLagMs: () => Infinity, onDrop: () => undefined });
  const convert = createUnitConverter(codec);
  const onFrame = (frame: LiveFrame) => {
    const number = readNumber(frame.planes, { size: SIZE, rotation: 0 });
    const unit = units.find(({ arrival }) => arrival === frame.arrival)!;
    frames.push({ ...frame, number, unit });
  };
  const onUnit = (timed: TimedUnit) => {
    const unit = convert(timed);
    if (units.length > 0 || unit.key) units.push(arrived(unit, units.length));
    queue.push(unit);
    decoder.pump();
  };
  const decoder = startLiveDecoder({ launcher, codec, output: OUTPUT, onFrame }, queue);
  const camera = await openRtspCamera({
    url: parseCameraUrl(url),
    cameraNetworks: ['127.0.0.0/8'],
    onUnit,
  });
  return {
    ...{ camera, units, frames },
    close: async () => {
      await camera.close();
      decoder.close();
      await decoder.ended;
    },
  };
}

function arrived({ ts, arrival }: AccessUnit, index: number): ArrivedUnit {
  const slot = (slotAt(arrival, DECODED_FPS).from * DECODED_FPS) / 1000;
  return { ts, arrival, index, slot };
}
