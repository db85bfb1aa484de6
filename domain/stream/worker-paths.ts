import { expectScenarioUuid } from '../names.js';

/**
 * Paths of the internal server of a stream worker, below the address in its heartbeats. Requests
 * carry `Authorization: Bearer` with the token of `internalTokenOf`; the server answers 401 without
 * it, and 404 if the camera of the scenario does not run on this worker.
 */
export const workerPaths = {
  /**
   * JSON lines `{"frame_number": 12}`, one after each commit to the log, with the number of the last
   * row. While a response is open, the camera commits twice a second.
   */
  commits: (uuid: string) => `/streams/${expectScenarioUuid(uuid)}/commits`,
  /** Newest image, 404 before the first one. */
  latestJpeg: (uuid: string) => `/streams/${expectScenarioUuid(uuid)}/latest.jpg`,
  /**
   * Video of the camera as fragmented MP4, without an end. 409 with the code
   * `STREAM_CODEC_UNSUPPORTED` if it sends none that MP4 holds.
   */
  liveMp4: (uuid: string) => `/streams/${expectScenarioUuid(uuid)}/live.mp4`,
  /**
   * Coded frames of the camera as `multipart/x-mixed-replace`, each as it arrives, from the newest
   * keyframe on, and rows in JSON as they are made. 409 with the code `STREAM_CODEC_UNSUPPORTED` for
   * JPEGs.
   */
  liveFrames: (uuid: string) => `/streams/${expectScenarioUuid(uuid)}/live.frames`,
  /** Images of the camera as `multipart/x-mixed-replace`, without an end. */
  liveMjpeg: (uuid: string) => `/streams/${expectScenarioUuid(uuid)}/live.mjpeg`,
} as const;

/** Header of live video: the time of its start in ISO 8601, to which rows are compared. */
export const START_TIME_HEADER = 'x-start-time';
