import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
  toNumber,
} from '../detection-options.js';
import { exitCodeOfJob } from '../exit-codes.js';

interface RerunFlags extends DetectionFlags {
  readonly eventId?: string;
  readonly priority?: number;
  readonly wait: boolean;
}

export const defineRerun: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'rerun cars-0f3a2b1c9d8e-5d1f0c7a9b3e --conf 0.5',
    'rerun cars-0f3a2b1c9d8e-5d1f0c7a9b3e --model yolov8n --no-wait',
  )
    .option('--priority <1..5>', 'priority: 1 is the highest, 5 the lowest (default: 3)', toNumber)
    .option('--event-id <id>', 'event_id of the new job')
    .option('--no-wait', 'do not wait for the result');
  addDetectionOptions(command).action(async (id: string, flags: RerunFlags) => {
    const { createModelRuns } = await import('../../models/add/model-runs.js');
    const { expectModelFile, resolveModel } = await import('../models/use-model.js');
    const { showReport } = await import('../report-text.js');
    const { followJob } = await import('../run-job.js');
    const app = await createApp();
    const { eventId, priority } = flags;
    const changes = { ...detectionOptionsOf(flags), event_id: eventId, priority };
    await expectModelFile(changes.model);
    await withServers(app, async ({ client, models }) => {
      // Options that are not given keep their value, including the model.
      const runs = createModelRuns({ limits: app.config, signal: app.signal });
      const config = { ...app.config, model: undefined };
      const use = { config, models, runs, onStep: app.out.step };
      const model = await resolveModel(use, changes.model);
      const submitted = await client.rerun(id, { ...changes, model });
      app.out.step(`job ${submitted.event_id} started, a rerun of ${id}`);
      if (!flags.wait) return app.out.result(submitted, submitted.event_id);
      const report = await followJob(app, client, submitted.event_id);
      showReport(app.out, report, { path: null });
      setExitCode(exitCodeOfJob(report.job.status));
    });
  });
};
