import { z } from 'zod';
import { dataPaths } from '../data-folder.js';
import { isAlive, processIdSchema } from './identity.js';
import { SERVICE_NAMES, stackPlanSchema } from './stack-plan.js';
import { readJson } from '../write-json.js';

const SERVICE_STATES = ['running', 'starting', 'stopped', 'failed'] as const;

const serviceRecordSchema = z.object({
  process: processIdSchema.nullable(),
  address: z.string(),
  ui: z.string().optional(),
  /** Where it answers whether it is ready. */
  health: z.string().optional(),
  state: z.enum(SERVICE_STATES),
  since: z.string(),
  /** Starts after the first. */
  restarts: z.number().int(),
  error: z.string().optional(),
});

/** What a supervisor knows of one of its processes. */
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;

const stackStateSchema = z.object({
  supervisor: processIdSchema,
  /** `failed`: something could not be started; `error` says what. */
  phase: z.enum(['starting', 'ready', 'failed', 'stopped']),
  error: z.string().optional(),
  plan: stackPlanSchema,
  services: z.partialRecord(z.enum(SERVICE_NAMES), serviceRecordSchema),
});

/** What a supervisor tells others about its stack, in `run/stack.json`. */
export type StackState = z.infer<typeof stackStateSchema>;

/** The state that the last supervisor of a data folder wrote; undefined when there is none. */
export async function readStackState(dataDir: string): Promise<StackState | undefined> {
  const parsed = stackStateSchema.safeParse(await readJson(dataPaths(dataDir).state));
  return parsed.success ? parsed.data : undefined;
}

/** Whether the supervisor that wrote this state is alive and has not stopped its stack. */
export function isSupervised(state: StackState): boolean {
  // A process that ran its stack in the foreground may go on after it.
  return state.phase !== 'stopped' && isAlive(state.supervisor);
}
