import type { Bbox } from '../result/detection.js';

/**
 * Kalman filter of ByteTrack and SORT for a box: centre x, centre y, aspect ratio and height with
 * constant velocities (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection
 * Box", ECCV 2022; noise of its reference code, from Wojke et al., "Simple Online and Realtime
 * Tracking with a Deep Association Metric", ICIP 2017).
 *
 * Transition, measurement and noise couple a coordinate only with its own velocity, so the filter of 8
 * dimensions is four filters of 2. A state is 20 numbers: for each coordinate its value, its velocity
 * per {@link UNIT_MS}, and the variances of the value, of both together, and of the velocity.
 */
const FIELDS = 5;

/** Time unit of the paper's noise: one frame at 30 frames per second, in milliseconds. */
export const UNIT_MS = 1000 / 30;

const POSITION_NOISE = 1 / 20;
const VELOCITY_NOISE = 1 / 160;
const ASPECT = 2;
const HEIGHT = 3;
const COORDINATES = 4;
const HEIGHT_AT = HEIGHT * FIELDS;

/** Noise of the aspect ratio, which does not depend on the size of the box. */
const ASPECT_NOISE = { position: 1e-2, velocity: 1e-5, measured: 1e-1 };

/** Smallest height in pixels and aspect ratio of a prediction. */
const HEIGHT_MIN = 1;
const ASPECT_MIN = 0.01;

/** Creates the state of a box that is seen for the first time, with velocity 0. */
export function createFilter(box: Bbox): number[] {
  const values = toCoordinates(box);
  const height = values[HEIGHT]!;
  return values.flatMap((value, coordinate) => {
    const isAspect = coordinate === ASPECT;
    const position = isAspect ? ASPECT_NOISE.position : 2 * POSITION_NOISE * height;
    const velocity = isAspect ? ASPECT_NOISE.velocity : 10 * VELOCITY_NOISE * height;
    return [value, 0, position ** 2, 0, velocity ** 2];
  });
}

/**
 * Moves a state by `steps` units of time, not necessarily a whole number: the same as that number of
 * predictions of one unit, with the noise of the height at the start.
 */
export function predict(filter: number[], steps: number): void {
  const height = filter[HEIGHT_AT]!;
  const sum = Math.max(0, (steps * (steps - 1)) / 2);
  const squares = Math.max(0, ((steps - 1) * steps * (2 * steps - 1)) / 6);
  for (let at = 0, coordinate = 0; coordinate < COORDINATES; coordinate++, at += FIELDS) {
    const isAspect = coordinate === ASPECT;
    const position = (isAspect ? ASPECT_NOISE.position : POSITION_NOISE * height) ** 2;
    const velocity = (isAspect ? ASPECT_NOISE.velocity : VELOCITY_NOISE * height) ** 2;
    const [both, ofVelocity] = [filter[at + 3]!, filter[at + 4]!];
    filter[at]! += steps * filter[at + 1]!;
    filter[at + 2]! +=
      2 * steps * both + steps ** 2 * ofVelocity + steps * position + squares * velocity;
    filter[at + 3]! += steps * ofVelocity + sum * velocity;
    filter[at + 4]! += steps * velocity;
  }
  filter[HEIGHT_AT] = Math.max(HEIGHT_MIN, filter[HEIGHT_AT]!);
  filter[ASPECT * FIELDS] = Math.max(ASPECT_MIN, filter[ASPECT * FIELDS]!);
}

/** Corrects a state by the box of the object in the frame for which it was predicted. */
export function update(filter: number[], box: Bbox): void {
  const noise = (POSITION_NOISE * filter[HEIGHT_AT]!) ** 2;
  for (const [coordinate, value] of toCoordinates(box).entries()) {
    const at = coordinate * FIELDS;
    const measured = coordinate === ASPECT ? ASPECT_NOISE.measured ** 2 : noise;
    const [variance, both] = [filter[at + 2]!, filter[at + 3]!];
    const gain = variance / (variance + measured);
    const velocityGain = both / (variance + measured);
    const error = value - filter[at]!;
    filter[at]! += gain * error;
    filter[at + 1]! += velocityGain * error;
    filter[at + 2] = variance - gain * variance;
    filter[at + 3] = both - gain * both;
    filter[at + 4]! -= velocityGain * both;
  }
}

/** Stops the change of height: that of an object that is hidden is a guess. */
export function stopGrowth(filter: number[]): void {
  filter[HEIGHT_AT + 1] = 0;
}

/** Returns the box of a state. */
export function boxOf(filter: readonly number[]): Bbox {
  const [x, y] = [filter[0]!, filter[FIELDS]!];
  const height = filter[HEIGHT_AT]!;
  const width = filter[ASPECT * FIELDS]! * height;
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

/** Centre x, centre y, width by height, height; a box without height counts as one pixel high. */
function toCoordinates([xMin, yMin, xMax, yMax]: Bbox): number[] {
  const height = Math.max(HEIGHT_MIN, yMax - yMin);
  return [(xMin + xMax) / 2, (yMin + yMax) / 2, (xMax - xMin) / height, height];
}
