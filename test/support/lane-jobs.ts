import type { LaneJob } from '../../domain/ports/lanes.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { makeResult } from './results.js';

const { manifest } = createMockModel();

/** The generated model under this name and version, without a file. */
export function localModel(name: string, version = 1): LocalModel {
  return { manifest: { ...manifest, name, version }, path: name };
}

/** A job of a lane with the default parameters and without frames, with some fields changed. */
export function laneJob(fields: Partial<LaneJob> = {}): LaneJob {
  const { video, parameters } = makeResult([], []);
  return {
    model: localModel('m'),
    source: { kind: 'packed', folder: '', key: '', frames: [], skipped: [] },
    video,
    parameters,
    ...fields,
  };
}
