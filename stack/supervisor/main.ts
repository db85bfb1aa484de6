import { pino } from 'pino';
import { AppError } from '../../domain/errors.js';
import { stackPlanSchema } from './stack-plan.js';
import { runSupervisor } from './supervisor.js';
import { readJson } from '../write-json.js';

// Entry point of the supervisor process; its argument is the path of the plan.
const logger = pino({ base: { process: 'supervisor' } });
const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

const plan = stackPlanSchema.safeParse(await readJson(process.argv[2] ?? ''));
if (!plan.success)
  throw new AppError('SETUP_FAILED', `No valid plan of a stack at ${process.argv[2]}`);

await runSupervisor({
  plan: plan.data,
  onStep: (message) => logger.info(message),
  signal: stopping.signal,
});
