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
  /** URL of its readiness check. */
  health: z.string().optional(),
  state: z.enum(SERVICE_STATES),
  since: z.string(),
  /** Number of starts after the first. */
  restarts: z.number().int(),
  error: z.string().optional(),
});

/** Record of one supervised process. */
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;

const stackStateSchema = z.object({
  supervisor: processIdSchema,
  /** `failed`: a service could not be started; `error` has the reason. */
  phase: z.enum(['starting', 'ready', 'failed', 'stopped']),
  error: z.string().optional(),
  plan: stackPlanSchema,
  services: z.partialRecord(z.enum(SERVICE_NAMES), serviceRecordSchema),
});

/** State of a stack, which its supervisor writes to `run/stack.json`. */
export type StackState = z.infer<typeof stackStateSchema>;

/** Reads the state that the last supervisor of a data folder wrote; undefined if there is none. */
export async function readStackState(dataDir: string): Promise<StackState | undefined> {
  const parsed = stackStateSchema.safeParse(await readJson(dataPaths(dataDir).state));
  return parsed.success ? parsed.data : undefined;
}

/** Whether the supervisor that wrote this state is alive and has not stopped its stack. */
export function isSupervised(state: StackState): boolean {
  // A process that supervised its stack in the foreground may continue after stopping it.
  return state.phase !== 'stopped' && isAlive(state.supervisor);
}
