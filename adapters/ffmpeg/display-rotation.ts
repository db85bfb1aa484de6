/** Degrees from a right angle within which ffmpeg turns a video by that angle. */
const TOLERANCE = 1;

export interface DisplayRotation {
  /** Clockwise rotation, in degrees: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Present if the display matrix has another angle. */
  readonly warning?: string;
}

/**
 * Returns the rotation of a display matrix. Other angles than right ones do not change the size of
 * the displayed frame: ffmpeg turns the image within it.
 * @param sideData ffprobe's side data: counter-clockwise degrees from -180 to 180.
 * @example displayRotation([{ rotation: -90 }]) // { rotation: 90 }
 */
export function displayRotation(
  sideData: readonly { readonly rotation?: number | undefined }[],
): DisplayRotation {
  const degrees = -(sideData.find((data) => data.rotation)?.rotation ?? 0);
  const nearest = Math.round(degrees / 90) * 90;
  if (Math.abs(degrees - nearest) <= TOLERANCE) return { rotation: ((nearest % 360) + 360) % 360 };
  const warning =
    `The display matrix turns the video by ${degrees} degrees, not by a multiple of 90: its corners ` +
    'are cut off. Encode the video without the matrix to avoid this.';
  return { rotation: 0, warning };
}
