import { execa } from 'execa';
import { ownEnvironment } from '../../config/index.js';
import { AppError, messageOf } from '../../domain/errors.js';
import { waitForAbort } from '../../platform/wait-for-abort.js';
import { ensureCredentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import type { OnStep } from '../on-step.js';
import { processOf } from './identity.js';
import { createServers } from '../servers/index.js';
import { createUiGuard, type UiGuard } from '../servers/ui-guard.js';
import { createServiceGroup, type ServiceGroup } from './service-group.js';
import { settingsOf, type Settings } from '../settings.js';
import type { StackPlan } from './stack-plan.js';
import { createStateFile, type StateFile } from './state-file.js';
import { ensureWebhookSecret } from '../webhook-secret.js';
import { createWorkers } from './workers.js';

/** Signal that makes a supervisor restart failed services. */
export const RETRY_SIGNAL = 'SIGUSR2';

const INIT_TIMEOUT_MS = 10 * 60_000;

interface SupervisorOptions {
  readonly plan: StackPlan;
  readonly onStep: OnStep;
  /** Stops all services when aborted. */
  readonly signal: AbortSignal;
  /** Called whenever all services are running. */
  readonly onReady?: () => void;
  /** Called with the reason if a service cannot be started. */
  readonly onFailed?: (reason: string) => void;
}

/** Supervises a stack until the signal aborts; resolves when all services have stopped. */
export async function runSupervisor(options: SupervisorOptions): Promise<void> {
  const { plan, onStep, signal } = options;
  const supervisor = processOf(process.pid);
  if (!supervisor)
    throw new AppError(
      'SETUP_FAILED',
      'The start time of a process cannot be determined on this system.',
    );
  const file = createStateFile({ plan, supervisor, onStep, records: () => group.records() });
  const group = await createServiceGroup({ plan, onStep, onChange: () => void file.write({}) });
  const uiGuard = createUiGuard(plan.ports);
  const bringUp = () => startAll(options, { group, file, uiGuard });
  let starting = bringUp();
  const retry = () => {
    starting = starting.then(bringUp);
  };
  process.on(RETRY_SIGNAL, retry);
  await waitForAbort(signal);
  await group.stop();
  await starting;
  await uiGuard.close();
  process.off(RETRY_SIGNAL, retry);
  await file.write({ phase: 'stopped' });
}

interface Parts {
  readonly group: ServiceGroup;
  readonly file: StateFile;
  readonly uiGuard: UiGuard;
}

/** Starts services that are not running, in order; failures are recorded in the state file. */
async function startAll(
  { plan, onStep, signal, onReady, onFailed }: SupervisorOptions,
  { group, file, uiGuard }: Parts,
): Promise<void> {
  if (signal.aborted) return;
  await file.write({ phase: 'starting', error: undefined });
  try {
    const credentials = await ensureCredentials(dataPaths(plan.dataDir).credentials);
    const settings = settingsOf(plan, credentials);
    await uiGuard.open();
    await group.start(createServers(plan, credentials));
    await runInit(plan, settings, onStep, signal);
    signal.throwIfAborted();
    const webhookSecret = await ensureWebhookSecret(dataPaths(plan.dataDir).webhookSecret);
    await group.start(await createWorkers(plan, { settings, webhookSecret }, ownEnvironment()));
    await file.write({ phase: 'ready' });
    onReady?.();
  } catch (error) {
    if (signal.aborted) return;
    onStep(messageOf(error));
    await file.write({ phase: 'failed', error: messageOf(error) });
    onFailed?.(messageOf(error));
  }
}

async function runInit(
  { init, dataDir }: StackPlan,
  settings: Settings,
  onStep: OnStep,
  signal: AbortSignal,
): Promise<void> {
  if (init === null) return;
  onStep('Creating buckets, indexes and search attributes, and publishing models (a few seconds).');
  const preparing = execa(process.execPath, ['--enable-source-maps', init], {
    env: { ...ownEnvironment(), ...settings },
    cwd: dataDir,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: INIT_TIMEOUT_MS,
    cancelSignal: signal,
  });
  // The output may include the licence of a downloaded model.
  for await (const line of preparing.iterable({ from: 'all' })) onStep(line);
  const run = await preparing;
  if (!run.failed) return;
  const tail = run.all.trim().split('\n').slice(-12).join('\n');
  const outcome = run.timedOut
    ? 'did not finish within 10 minutes'
    : `exited with code ${run.exitCode}`;
  throw new AppError('SETUP_FAILED', `Preparing the stores ${outcome}:\n${tail}`);
}
