import type { DetectionOptions } from '../../client/index.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toClasses, toNumber } from '../detection-options.js';
import { exitCodeOfJob } from '../exit-codes.js';

interface DeriveFlags extends Pick<DetectionOptions, 'conf' | 'iou' | 'classes' | 'tracking'> {
  readonly maxDet?: number;
  readonly eventId?: string;
  readonly wait: boolean;
}

export const defineDerive: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'derive cars-0f3a2b1c9d8e-5d1f0c7a9b3e --conf 0.5',
    'derive cars-0f3a2b1c9d8e-5d1f0c7a9b3e --classes person,car --no-wait',
    'derive cars-0f3a2b1c9d8e-5d1f0c7a9b3e --tracking',
  )
    .option('--conf <0..1>', 'higher minimum confidence', toNumber)
    .option('--iou <0..1>', 'lower overlap above which two boxes are one object', toNumber)
    .option('--max-det <n>', 'lower maximum number of objects per frame', toNumber)
    .option('--classes <list>', 'only these classes, by name or index', toClasses)
    .option('--tracking', 'follow objects from frame to frame, so that each one gets an id')
    .option('--event-id <id>', 'event_id of the new job')
    .option('--no-wait', 'do not wait for the result')
    .action(async (id: string, flags: DeriveFlags) => {
      const { showReport } = await import('../report-text.js');
      const { followJob } = await import('../run-job.js');
      const app = await createApp();
      await withServers(app, async ({ client }) => {
        const { conf, iou, classes, tracking, maxDet: max_det, eventId: event_id } = flags;
        const submitted = await client.derive(id, {
          ...{ conf, iou, classes, max_det },
          ...{ tracking, event_id },
        });
        app.out.step(`job ${submitted.event_id} started, derived from ${id}`);
        if (!flags.wait) return app.out.result(submitted, submitted.event_id);
        const report = await followJob(app, client, submitted.event_id);
        showReport(app.out, report, { path: null });
        setExitCode(exitCodeOfJob(report.job.status));
      });
    });
};
