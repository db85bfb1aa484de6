import type { ModelRef } from '../model/model-manifest.js';
import type { Bbox, StoredObject } from '../result/detection.js';
import type { RowTracks } from './tracks/row-tracks.js';

/** Object of a row. */
export interface StreamDetection {
  readonly class: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** In whole pixels of the camera's image. */
  readonly bbox: Bbox;
  /** Id of its track within the scenario, if it has tracks and the track has another row before. */
  readonly track_id?: number;
}

/**
 * Result of one frame of a camera: a contract with its consumers. Without tracks it has no further
 * fields.
 */
export interface StreamRow {
  readonly scenario_uuid: string;
  /** From 1, one more in each row of a scenario, never used twice. */
  readonly frame_number: number;
  readonly detections: readonly StreamDetection[];
  /** ISO 8601 in UTC with milliseconds: arrival of the frame's last packet; never falls. */
  readonly timestamp: string;
}

/** Facts about a row that are sent on request. */
export interface RowDetails {
  /** Milliseconds from the arrival of the frame to its row. */
  readonly lag_ms: number;
  /** ISO 8601, by the camera's clock; null if the camera does not report it. */
  readonly camera_time: string | null;
  /** Whether packets of the frame, or of one since the last keyframe, were lost. */
  readonly damaged: boolean;
  /** Whether the frame reuses the objects of an earlier one, because nothing moved. */
  readonly still: boolean;
  readonly model: ModelRef;
}

/** A row as it is stored. */
export interface StoredRow extends StreamRow {
  readonly details?: RowDetails;
  /** Present if the objects of the row are followed. */
  readonly tracks?: RowTracks;
}

/** Returns a stored row as it is sent. */
export function toStreamRow(row: StoredRow, withDetails = false): StoredRow {
  const { scenario_uuid, frame_number, detections, timestamp, details } = row;
  const sent = { scenario_uuid, frame_number, detections, timestamp };
  return withDetails && details ? { ...sent, details } : sent;
}

/** Returns an object of a frame as a row has it. */
export function toStreamDetection({ class: name, conf, box }: StoredObject): StreamDetection {
  return { class: name, confidence: conf, bbox: box };
}
