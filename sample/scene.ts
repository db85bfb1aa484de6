import type { Bbox, Size } from '../domain/result/detection.js';
import { DRAWINGS } from './drawings.js';

/** Frames per second of the sample. */
export const FPS = 25;

/** Number of frames of the sample. */
export const FRAME_COUNT = 500;

/** Size of the sample in pixels. */
export const SIZE: Size = { width: 960, height: 540 };

/** A COCO class in the scene. */
export type SceneClass = keyof typeof DRAWINGS;

/** Position of an object at a frame: the centre of its bbox and its height, in pixels. */
export interface Waypoint {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A drawing and its path; between waypoints it accelerates and decelerates (smoothstep). */
export interface SceneObject {
  readonly class: SceneClass;
  readonly path: readonly Waypoint[];
}

/** An object of the scene in one frame, its bbox in whole pixels. */
export interface TruthObject {
  readonly class: SceneClass;
  readonly bbox: Bbox;
}

/** Objects of the sample. In every frame they are completely visible and do not touch. */
export const SCENE: readonly SceneObject[] = [
  {
    class: 'stop sign',
    path: [
      { frame: 0, x: 150, y: 380, height: 140 },
      { frame: 130, x: 330, y: 400, height: 180 },
      { frame: 260, x: 590, y: 390, height: 200 },
      { frame: 380, x: 400, y: 370, height: 170 },
      { frame: 499, x: 170, y: 390, height: 150 },
    ],
  },
  {
    class: 'clock',
    path: [
      { frame: 0, x: 800, y: 95, height: 130 },
      { frame: 150, x: 540, y: 100, height: 130 },
      { frame: 280, x: 220, y: 95, height: 150 },
      { frame: 400, x: 480, y: 95, height: 150 },
      { frame: 499, x: 760, y: 95, height: 130 },
    ],
  },
  {
    class: 'traffic light',
    path: [
      { frame: 0, x: 880, y: 350, height: 150 },
      { frame: 120, x: 850, y: 300, height: 160 },
      { frame: 250, x: 890, y: 330, height: 165 },
      { frame: 370, x: 850, y: 290, height: 155 },
      { frame: 499, x: 880, y: 350, height: 150 },
    ],
  },
];

/**
 * Returns class and bbox in pixels of each object in a frame (0 to {@link FRAME_COUNT} - 1), in the
 * order of {@link SCENE}.
 */
export function groundTruth(frame: number): readonly TruthObject[] {
  return SCENE.map((object) => ({ class: object.class, bbox: bboxAt(object, frame) }));
}

function bboxAt(object: SceneObject, frame: number): Bbox {
  const { x, y, height } = positionAt(object.path, frame);
  const { viewBox } = DRAWINGS[object.class];
  const h = Math.round(height);
  const w = Math.round((height * viewBox.width) / viewBox.height);
  const left = Math.round(x - w / 2);
  const top = Math.round(y - h / 2);
  return [left, top, left + w, top + h];
}

function positionAt(path: readonly Waypoint[], frame: number): Waypoint {
  const after = path.find((waypoint) => waypoint.frame > frame) ?? path.at(-1);
  const before = path.findLast((waypoint) => waypoint.frame <= frame) ?? path[0];
  if (!after || !before) throw new RangeError('Expected a path of at least one waypoint');
  const share = after === before ? 0 : (frame - before.frame) / (after.frame - before.frame);
  const eased = share * share * (3 - 2 * share);
  const between = (from: number, to: number) => from + (to - from) * eased;
  return {
    frame,
    x: between(before.x, after.x),
    y: between(before.y, after.y),
    height: between(before.height, after.height),
  };
}
