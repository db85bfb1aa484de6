import type { VidetteClient, VideoInput } from '../../client/index.js';
import type { App } from '../app.js';
import { exitCodeOfJob, EXIT, Interrupted } from '../exit-codes.js';
import { showReport } from '../report-text.js';
import { followJob, type JobReport, submitVideo } from '../run-job.js';
import { type DetectRequest, type DetectServers, withModelOf } from './detection.js';
import { interruptedJobText } from './interrupted-text.js';

/** Detects a video, prints the summary of its job, and returns the exit code. */
export async function detectOne(
  app: App,
  servers: DetectServers,
  video: VideoInput,
  { options, resultPathOf, wait }: DetectRequest,
): Promise<number> {
  const { client, owned } = servers;
  const resolved = await withModelOf(app, servers, options);
  const submitted = await submitVideo(app, client, video, resolved);
  if (!wait) {
    app.out.result(submitted, submitted.event_id);
    return EXIT.OK;
  }
  const report = await followOrLeave(app, client, submitted.event_id, owned);
  const written = report.overview ? resultPathOf(submitted.event_id) : null;
  if (written !== null) await client.resultFile(submitted.event_id, written);
  showReport(app.out, report, { path: written });
  if (owned && written === null && report.overview) {
    app.out.note('The result is stored in the data folder. Use --out FILE to write it to a file.');
  }
  return exitCodeOfJob(report.job.status);
}

async function followOrLeave(
  app: App,
  client: VidetteClient,
  eventId: string,
  owned: boolean,
): Promise<JobReport> {
  try {
    return await followJob(app, client, eventId);
  } catch (error) {
    if (error instanceof Interrupted) throw new Interrupted(interruptedJobText(eventId, owned));
    throw error;
  }
}
