import {
  area,
  type Bbox,
  type Size,
  type StoredObject,
  toStored,
} from '../../domain/result/detection.js';
import { createUniform } from '../uniform.js';

/** Kind of scene: what moves, and how. */
export interface SceneKind {
  readonly name: string;
  readonly objects: number;
  /** Heights of objects in pixels, and their speed in heights per second. */
  readonly heights: readonly [min: number, max: number];
  readonly speeds: readonly [min: number, max: number];
  /** Width by height of each class. */
  readonly classes: Readonly<Record<string, number>>;
  /** Largest speed of the image in pixels per second, from a camera that swings to and fro. */
  readonly pan: number;
  /** False detections per frame. */
  readonly noise: number;
}

/** A simulated frame: the true boxes with their identities, and what a detector reports. */
export interface SceneFrame {
  readonly frame: number;
  readonly timestamp_ms: number;
  readonly truth: readonly { readonly id: number; readonly class: string; readonly box: Bbox }[];
  readonly objects: readonly StoredObject[];
}

export const SCENES: readonly SceneKind[] = [
  {
    ...{ name: 'people', objects: 14, heights: [120, 320], speeds: [0.2, 0.8] },
    ...{ classes: { person: 0.4 }, pan: 0, noise: 0.3 },
  },
  {
    ...{ name: 'crowd', objects: 45, heights: [100, 220], speeds: [0.2, 0.9] },
    ...{ classes: { person: 0.4 }, pan: 0, noise: 1 },
  },
  {
    ...{ name: 'traffic', objects: 16, heights: [60, 160], speeds: [0.5, 3] },
    ...{ classes: { car: 1.8, truck: 2.2, person: 0.4 }, pan: 0, noise: 0.5 },
  },
  {
    ...{ name: 'moving camera', objects: 20, heights: [100, 260], speeds: [0.2, 0.8] },
    ...{ classes: { person: 0.4 }, pan: 250, noise: 0.5 },
  },
];

const SIZE: Size = { width: 1920, height: 1080 };
const SIMULATED_FPS = 30;
/** Time of a swing of the camera, there and back. */
const PAN_SECONDS = 8;
/** Visible share of an object below which it is neither in the truth nor detected. */
const VISIBLE_MIN = 0.15;

interface Actor {
  readonly id: number;
  readonly class: string;
  readonly height: number;
  readonly width: number;
  /** Distance from the camera: of two objects, the larger one is in front. */
  readonly depth: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/**
 * Simulates a scene: objects that walk, turn, hide each other and leave the frame, and a detector
 * whose boxes are inexact, whose confidence falls with the visible share, which misses objects for
 * several frames at once, and which reports some that do not exist. The same seed gives the same scene.
 * @param every sampling interval in frames at 30 frames per second.
 */
export function simulateScene(
  kind: SceneKind,
  {
    seed,
    seconds,
    every,
  }: { readonly seed: number; readonly seconds: number; readonly every: number },
): SceneFrame[] {
  const random = createUniform(seed);
  let nextId = 1;
  const actors = Array.from({ length: kind.objects }, () => createActor(kind, random, nextId++));
  const dimmed = new Map<number, number>();
  const frames: SceneFrame[] = [];
  for (let frame = 0; frame < seconds * SIMULATED_FPS; frame++) {
    const pan = kind.pan * Math.cos((2 * Math.PI * frame) / (PAN_SECONDS * SIMULATED_FPS));
    for (const [i, actor] of actors.entries()) {
      move(actor, pan, random);
      if (isOutside(actor)) actors[i] = createActor(kind, random, nextId++);
    }
    const seen = actors.map((actor) => ({ actor, share: visibleShare(actor, actors) }));
    const shown = seen.filter(({ share }) => share >= VISIBLE_MIN);
    const objects = shown.flatMap(({ actor, share }) => detect(actor, share, dimmed, random));
    objects.push(...falseObjects(kind, random));
    if (frame % every !== 0) continue;
    const truth = shown.map(({ actor }) => ({
      id: actor.id,
      class: actor.class,
      box: boxOf(actor),
    }));
    frames.push({ frame, timestamp_ms: (frame * 1000) / SIMULATED_FPS, truth, objects });
  }
  return frames;
}

type Random = () => number;

function between([min, max]: readonly [number, number], random: Random): number {
  return min + (max - min) * random();
}

/** Normally distributed with mean 0 and deviation 1 (Box and Muller, 1958). */
function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function createActor({ classes, heights, speeds }: SceneKind, random: Random, id: number): Actor {
  const names = Object.keys(classes);
  const name = names[Math.floor(random() * names.length)]!;
  const height = between(heights, random);
  const speed = between(speeds, random) * height;
  const direction = (random() < 0.5 ? 0 : Math.PI) + gauss(random) * 0.3;
  return {
    ...{ id, class: name, height, width: height * classes[name]!, depth: height },
    ...{ x: random() * SIZE.width, y: random() * SIZE.height },
    ...{ vx: Math.cos(direction) * speed, vy: Math.sin(direction) * speed * 0.5 },
  };
}

function move(actor: Actor, pan: number, random: Random): void {
  actor.x += (actor.vx + pan) / SIMULATED_FPS;
  actor.y += actor.vy / SIMULATED_FPS;
  const turn = actor.height * 0.02;
  actor.vx += gauss(random) * turn;
  actor.vy += gauss(random) * turn * 0.5;
}

function isOutside({ x, y, width, height }: Actor): boolean {
  const [right, low] = [SIZE.width + width / 2, SIZE.height + height / 2];
  return x < -width / 2 || x > right || y < -height / 2 || y > low;
}

function boxOf({ x, y, width, height }: Actor): Bbox {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

/** Share of an object that lies inside the frame and behind none of the larger ones, by a grid of points. */
function visibleShare(actor: Actor, actors: readonly Actor[]): number {
  const [xMin, yMin, xMax, yMax] = boxOf(actor);
  const inFront = actors.filter(({ depth }) => depth > actor.depth).map(boxOf);
  const POINTS = 6;
  let visible = 0;
  for (let i = 0; i < POINTS * POINTS; i++) {
    const x = xMin + ((xMax - xMin) * ((i % POINTS) + 0.5)) / POINTS;
    const y = yMin + ((yMax - yMin) * (Math.floor(i / POINTS) + 0.5)) / POINTS;
    const isInside = x >= 0 && x < SIZE.width && y >= 0 && y < SIZE.height;
    const isHidden = inFront.some((box) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3]);
    if (isInside && !isHidden) visible++;
  }
  return visible / POINTS ** 2;
}

/** An object as the detector reports it, if it does. */
function detect(
  actor: Actor,
  share: number,
  dimmed: Map<number, number>,
  random: Random,
): StoredObject[] {
  if (random() < 0.01) dimmed.set(actor.id, 3 + Math.floor(random() * 12));
  const left = dimmed.get(actor.id) ?? 0;
  if (left > 0) dimmed.set(actor.id, left - 1);
  const conf = 0.92 * share ** 0.6 - (left > 0 ? 0.4 : 0) + gauss(random) * 0.06;
  const isMissed = random() < 0.02 + (1 - share) * 0.15;
  const [xMin, yMin, xMax, yMax] = boxOf(actor);
  const error = (side: number) => gauss(random) * side * 0.025;
  const [ofWidth, ofHeight] = [() => error(actor.width), () => error(actor.height)];
  const box: Bbox = [xMin + ofWidth(), yMin + ofHeight(), xMax + ofWidth(), yMax + ofHeight()];
  return isMissed || conf < 0.1 ? [] : [store(actor.class, box, Math.min(conf, 0.99))];
}

function falseObjects({ noise, classes, heights }: SceneKind, random: Random): StoredObject[] {
  const names = Object.keys(classes);
  const objects: StoredObject[] = [];
  for (let expected = noise; random() < expected / (1 + expected);) {
    const name = names[Math.floor(random() * names.length)]!;
    const height = between(heights, random);
    const [x, y] = [random() * SIZE.width, random() * SIZE.height];
    const box: Bbox = [x, y, x + height * classes[name]!, y + height];
    const object = store(name, box, 0.1 + 0.6 * random() ** 2);
    if (area(object.box) > 0) objects.push(object);
  }
  return objects;
}

function store(name: string, bbox: Bbox, confidence: number): StoredObject {
  return toStored({ classId: 0, confidence, bbox }, SIZE, [name]);
}
