import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { OpenedRescore, PastList, RescoreReport } from './rescore.js';

type Reads = Pick<ObjectStore, 'find'>;

/** Reads a rescoring; undefined if it does not exist. */
export async function findRescore(
  objects: Reads,
  rescoreId: string,
): Promise<OpenedRescore | undefined> {
  const data = await objects.find(BUCKETS.results, keys.rescore(rescoreId));
  return data && (JSON.parse(data.toString('utf8')) as OpenedRescore); // written by `openRescore`
}

/** Reads the list of what is compared; undefined until it is complete. */
export async function findPastList(
  objects: Reads,
  rescoreId: string,
): Promise<PastList | undefined> {
  const data = await objects.find(BUCKETS.results, keys.rescoreList(rescoreId));
  return data && (JSON.parse(data.toString('utf8')) as PastList); // written by `listPast`
}

/** Reads the report of a rescoring; undefined until it is complete. */
export async function findRescoreReport(
  objects: Reads,
  rescoreId: string,
): Promise<RescoreReport | undefined> {
  const data = await objects.find(BUCKETS.results, keys.rescoreReport(rescoreId));
  return data && (JSON.parse(data.toString('utf8')) as RescoreReport); // written by `comparePast`
}
