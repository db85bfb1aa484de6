import { FRAME_STORAGE } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { Clip } from './clips.js';
import { type LimitRequest, runInference, runLimit } from './limit.js';
import { EVERY, WARM_UP_EVERY } from './one-clip.js';
import type { OwnStack } from './own-stack.js';
import type { Peer } from './peer.js';
import { runPipeline } from './pipeline.js';
import { type ClipReport, createReport } from './report.js';
import type { YoloTool } from './yolo-tools.js';

/** What measures a clip: the peers, and the stack with its model. */
export interface Measures {
  readonly peer: Peer;
  readonly tools: readonly YoloTool[];
  readonly model: LimitRequest['model'];
  readonly stack: OwnStack;
  readonly lanes: number;
}

/** What to run on a clip, and how often. */
export interface Rounds {
  readonly runs: number;
  /** Numbers of processes of the script. */
  readonly processes: readonly number[];
  /** Storage modes of frames. */
  readonly modes: readonly string[];
}

/** Runs everything in turn, once per round, so that a machine whose speed drifts favours nothing. */
export async function measureClip(
  clip: Clip,
  rounds: Rounds,
  { peer, tools, model, stack, lanes }: Measures,
): Promise<ClipReport> {
  const report = createReport(clip);
  const request = { video_id: clip.name, every: EVERY, model: model.manifest.name };
  const limits = { clip, every: EVERY, model, lanes };
  await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
  const warmUp = { ...request, every: WARM_UP_EVERY, frames: 'none' } as const;
  await runPipeline(stack.client, stack.pids, warmUp);
  for (let run = 0; run < rounds.runs; run++) {
    for (const processes of rounds.processes) {
      (report.peer[processes] ??= []).push(await peer.run(clip.path, model.path, processes));
    }
    for (const tool of tools) {
      (report.tools[tool.name] ??= []).push(await tool.run(clip.path, model.path));
    }
    for (const frames of FRAME_STORAGE.filter((mode) => rounds.modes.includes(mode))) {
      const pipelineRun = await runPipeline(stack.client, stack.pids, { ...request, frames });
      (report.pipeline[frames] ??= []).push(pipelineRun);
    }
    report.limit.push(await runLimit(limits));
    report.inference.push(await runInference(limits));
  }
  return report;
}
