/** Codecs of access units; an access unit of `mjpeg` is one JPEG. */
export type CameraCodec = 'h264' | 'h265' | 'mjpeg';

/** Codecs of NAL units, whose frames depend on the frames before them. */
export type NalCodec = Exclude<CameraCodec, 'mjpeg'>;

/** One coded frame of a camera, as it arrived. */
export interface AccessUnit {
  /** Timestamp of the camera in units of its own clock (90 kHz for RTP); 0 if it sends none. */
  readonly ts: number;
  /** UTC of the camera in ms since 1970; null if it does not report it. */
  readonly cameraTime: number | null;
  /**
   * Time at which the last packet arrived, in whole ms since 1970. Greater than that of the unit
   * before, so that it identifies the unit ({@link createArrivalOrder}).
   */
  readonly arrival: number;
  /** Whether decoding can start here. */
  readonly key: boolean;
  /** Whether packets of this unit, or of one since the last keyframe, were lost. */
  readonly damaged: boolean;
  /**
   * H.264 and H.265: Annex B (each NAL unit behind a start code), with the parameter sets in front of
   * a keyframe. MJPEG: one JPEG.
   */
  readonly data: Buffer;
  readonly codec: CameraCodec;
}

/** Maximum size of an access unit in bytes; a larger one is rejected while it is received. */
export const ACCESS_UNIT_BYTES_MAX = 8 * 1024 ** 2;

/** Returns a function that makes times whole ms, each greater than the last one. */
export function createArrivalOrder(): (ms: number) => number {
  let last = -Infinity;
  return (ms) => {
    last = Math.max(last + 1, Math.round(ms));
    return last;
  };
}
