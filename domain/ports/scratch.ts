import type { VideoSource } from '../video/plan.js';

/** A range of an event whose files are in scratch. */
export interface RangeFiles {
  readonly eventId: string;
  readonly range: number;
}

/** Local files of one worker process. */
export interface Scratch {
  /** Id of this host's queue; the same after a restart. */
  readonly hostId: string;
  /** Runs `work` with an empty folder for up to `bytes`. @throws AppError `SCRATCH_FULL`. */
  attempt<T>(bytes: number, work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a finished file or folder of an attempt to its range, atomically. */
  keep(range: RangeFiles, name: string, path: string): Promise<void>;
  /** Path of a kept file or folder. @throws AppError `SCRATCH_LOST`. */
  find(range: RangeFiles, name: string): Promise<string>;
  drop(range: RangeFiles, name: string): Promise<void>;
  dropRange(range: RangeFiles): Promise<void>;
  dropEvent(eventId: string): Promise<void>;
  /** Ids of the events that have files. */
  events(): Promise<string[]>;
}

/** Copies of source videos on this host. */
export interface SourceCache {
  /**
   * Links the source into a folder, after downloading it if needed; resolves with its path.
   * `onDownload` receives the size in bytes of a download that this call made.
   */
  link(
    source: VideoSource,
    into: string,
    signal: AbortSignal,
    onDownload?: (bytes: number) => void,
  ): Promise<string>;
  /** Removes copies whose video was deleted or replaced; resolves with their number. */
  dropStale(): Promise<number>;
}
