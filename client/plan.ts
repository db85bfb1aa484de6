import { BUCKETS, keys } from '../domain/names.js';
import { type Part, readPart } from '../domain/part.js';
import type { VideoPlan } from '../domain/plan.js';
import type { ObjectStore } from '../domain/ports.js';

/** The plan of a job; undefined while it has none. */
export async function readPlan(
  objects: ObjectStore,
  eventId: string,
): Promise<VideoPlan | undefined> {
  const text = await textOf(objects, keys.plan(eventId));
  return text && (JSON.parse(text.toString('utf8')) as VideoPlan); // our own writing
}

/** What a range contributed; undefined while it is not there. */
export async function findPart(
  objects: ObjectStore,
  eventId: string,
  range: number,
): Promise<Part | undefined> {
  const text = await textOf(objects, keys.part(eventId, range));
  return text && readPart(text);
}

async function textOf(objects: ObjectStore, key: string): Promise<Buffer | undefined> {
  if (!(await objects.stat(BUCKETS.results, key))) return undefined;
  return objects.get(BUCKETS.results, key);
}
