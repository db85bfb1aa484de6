import type { VideoInput } from '../../client/index.js';
import type { App } from '../app.js';
import { exitCodeOfJob, EXIT } from '../exit-codes.js';
import { showReport } from '../report-text.js';
import { followJob, submitVideo } from '../run-job.js';
import { type DetectRequest, type DetectServers, withModelOf } from './detection.js';
import { explainInterruption, interruptedJobText } from './interrupted-text.js';

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
  const { event_id } = submitted;
  const report = await followJob(app, client, event_id).catch(
    explainInterruption(interruptedJobText(event_id, owned)),
  );
  const written = report.overview ? resultPathOf(event_id) : null;
  if (written !== null) await client.resultFile(event_id, written);
  showReport(app.out, report, { path: written });
  if (owned && written === null && report.overview) {
    app.out.note('The result is stored in the data folder. Use --out FILE to write it to a file.');
  }
  return exitCodeOfJob(report.job.status);
}
