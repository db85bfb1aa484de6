import type { VideoSource } from '../video/plan.js';

/** A range of an event, as the scratch folder knows it. */
export interface RangeFiles {
  readonly eventId: string;
  readonly range: number;
}

/** Files of one worker process on its host. */
export interface Scratch {
  /** Id of this host's queue; a restarted worker has the same one. */
  readonly hostId: string;
  /** Runs work with a folder of its own for up to so many bytes; throws `SCRATCH_FULL`. */
  attempt<T>(bytes: number, work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a finished file or folder of an attempt to its range, in one step. */
  keep(range: RangeFiles, name: string, path: string): Promise<void>;
  /** Path of what was kept; throws `SCRATCH_LOST`. */
  find(range: RangeFiles, name: string): Promise<string>;
  drop(range: RangeFiles, name: string): Promise<void>;
  dropRange(range: RangeFiles): Promise<void>;
  dropEvent(eventId: string): Promise<void>;
  /** Events that files are kept of. */
  events(): Promise<string[]>;
}

/** Copies of source videos on this host. */
export interface SourceCache {
  /**
   * Puts the source into a folder, downloading it when needed, and resolves with its path.
   * `onDownload` is told the bytes of a download that this call made.
   */
  link(
    source: VideoSource,
    into: string,
    signal: AbortSignal,
    onDownload?: (bytes: number) => void,
  ): Promise<string>;
}
