import { SERVICE_NAMES } from '../../stack/supervisor/stack-plan.js';
import { addExamples, type DefineCommand, limitArgument } from '../command.js';
import { toCount } from '../detection-options.js';

interface LogsFlags {
  readonly lines: number;
  readonly follow?: boolean;
}

const NAMES = [...SERVICE_NAMES, 'supervisor'] as const;

export const defineLogs: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'logs', 'logs video_worker --follow', 'logs api --lines 200')
    .option('-f, --follow', 'continue with new lines until Ctrl-C')
    .option('-n, --lines <n>', 'number of last lines of each log', toCount, 20)
    .action(async (service: string | undefined, { lines, follow = false }: LogsFlags) => {
      const { showLogs } = await import('../show-logs.js');
      const names = service === undefined ? NAMES : [service];
      await showLogs(await createApp(), { names, lines, follow });
    });
  limitArgument(command, NAMES);
};
