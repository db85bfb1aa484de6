import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { upStack, webAddresses } from '../stack/index.js';
import type { SubmitOptions, VideoInput } from '../client/index.js';
import { waitForAbort } from '../platform/wait-for-abort.js';
import type { App } from './app.js';
import type { ConsentFlags } from './consent.js';
import { withClient } from './connect.js';
import { exitCodeOfJob } from './exit-codes.js';
import { expectModelFile } from './models/use-model.js';
import { provideSample } from './provide-sample.js';
import { showReport } from './report-text.js';
import { followJob, type JobReport, submitVideo } from './run-job.js';
import { withModelOf } from './detect/detection.js';
import { expectSubmitOptions } from './detect/detect-videos.js';
import { explainInterruption, interruptedJobText } from './detect/interrupted-text.js';
import { videoOf } from './detect/video-argument.js';
import { type StackInUse, withStack } from './with-stack.js';
import { type SubmitFlags, submitOptionsOf } from './submit-options.js';

export interface StartFlags extends SubmitFlags, ConsentFlags {
  readonly exit?: boolean;
}

/** Starts everything, runs a video or the sample, and returns the exit code. */
export async function start(
  app: App,
  video: string | undefined,
  flags: StartFlags,
): Promise<number> {
  const options = submitOptionsOf(flags);
  expectSubmitOptions(options);
  const given = video === undefined ? undefined : await videoOf(video);
  const { out, config, confirm } = app;
  await expectModelFile(options.model ?? config.model);
  out.step(`data folder: ${config.dataDir}`);
  out.step('starting servers and workers (seconds; minutes if they must be installed first)');
  return withStack(app, async (stack) => {
    if (!stack.owned) await upStack({ config, onStep: out.step, confirm });
    const source = given ?? {
      path: await provideSample(app, stack.config, join(stack.config.dataDir, 'sample')),
    };
    const report = await runAndShow(app, stack, source, options);
    const isStaying = stack.owned && process.stdout.isTTY && !flags.exit;
    if (isStaying) await waitForInterrupt(app);
    return exitCodeOfJob(report.job.status);
  });
}

async function runAndShow(
  app: App,
  { config, owned }: StackInUse,
  video: VideoInput,
  options: SubmitOptions,
): Promise<JobReport> {
  return withClient(config, async (servers) => {
    const { client } = servers;
    const resolved = await withModelOf(app, servers, options);
    const { event_id, started } = await submitVideo(app, client, video, resolved);
    const report = await followJob(app, client, event_id).catch(
      explainInterruption(interruptedJobText(event_id, owned)),
    );
    const path = report.overview ? await resultPath(config, event_id) : null;
    if (path !== null) await client.resultFile(event_id, path);
    const web = await webAddresses(config);
    showReport(app.out, report, { path, web });
    if (!started && report.job.status === 'ready') {
      app.out.note('This job was done before. Use --force to run it again.');
    }
    return report;
  });
}

async function resultPath({ dataDir }: Config, eventId: string): Promise<string> {
  const folder = join(dataDir, 'results');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${eventId}.json`);
}

async function waitForInterrupt({ out, signal }: App): Promise<void> {
  out.note(
    'Servers and workers run until you press Ctrl-C. For more, run "npx vidette --help" in another terminal.',
  );
  await waitForAbort(signal);
  out.note('');
}
