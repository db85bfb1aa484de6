import type { IndexedJobs, IndexJobsRequest } from '../domain/search/index-request.js';
import { callTemporal } from '../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from './deps.js';
import { listModels } from './models.js';
import { indexJobs } from './search/index-jobs.js';
import { findSightings, type SearchOptions, type SightingPage } from './search/search.js';
import type { ModelPage, PageOptions, VideoPage, VideoPageOptions } from './types.js';
import { listVideos } from './videos.js';

/** Stored videos and models, and the search over all of them. */
export interface LibraryMethods {
  /** Returns a page of the models of the catalogue. */
  modelPage(options?: PageOptions): Promise<ModelPage>;
  /** Returns a page of the stored videos. */
  videoPage(options?: VideoPageOptions): Promise<VideoPage>;
  /** Returns a page of the spans in which a class was detected, over all videos and cameras. */
  findSightings(options?: SearchOptions): Promise<SightingPage>;
  /** Stores the sightings of jobs that ended before this release; can be repeated. */
  indexJobs(
    request?: IndexJobsRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<IndexedJobs>;
}

/** Creates the methods for what is stored on connections that the caller owns. */
export function createLibraryMethods(deps: VidetteClientDeps): LibraryMethods {
  const { temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    modelPage: (options) => listModels(deps, options),
    videoPage: (options) => listVideos(deps, options),
    findSightings: (options) => findSightings(deps, options),
    indexJobs: (request = { all: false }, { signal } = {}) =>
      call(() => indexJobs(deps, request, signal)),
  };
}
