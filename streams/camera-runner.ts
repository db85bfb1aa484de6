import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { forkWrapped } from '../lanes/lane-child.js';
import { reconnectDelay } from '../domain/stream/reconnect.js';
import { TICK_MS } from '../domain/stream/suspension-watch.js';
import { type CameraCommand, LOCKED } from './camera-command.js';
import { createSlots } from './pixel-slots.js';
import type { CameraParameters, CameraTask, FromCamera, ToCamera } from './protocol.js';

/** Process of a camera, and the ones that replace it when it ends. */
export interface CameraRunner {
  /** Process id; undefined while none runs. */
  readonly pid: number | undefined;
  send(message: ToCamera): void;
  configure(parameters: CameraParameters): void;
  /** Ends the process for good; the pixels of its frames stay until `removePixels`. */
  stop(): Promise<void>;
  removePixels(): void;
}

export interface CameraRunnerOptions {
  readonly command: CameraCommand;
  readonly lockFile: string;
  /** Folder for the pixels of this camera. */
  readonly pixelsFolder: string;
  readonly task: Omit<CameraTask, 'slots' | 'notBefore'>;
  /** Instant before which no frame may arrive, in ms since 1970. */
  readonly notBefore: () => number;
  readonly onMessage: (message: FromCamera, from: PixelOwner) => void;
  /** Reports that a process was started and has its task. */
  readonly onStarted: () => void;
  /** Reports that the process ended and another one follows. */
  readonly onLost: (how: string) => void;
}

/** The process that sent a frame. */
export interface PixelOwner {
  /** Path of the pixels in a slot. */
  pathOf(slot: number): string;
  free(slot: number): void;
}

/** Checks without a message after which a process counts as hung. */
const HUNG_CHECKS = 10;
/** Time that a process runs after which it counts as healthy, in ms. */
const HEALTHY_MS = 10_000;

export function startCamera(options: CameraRunnerOptions): CameraRunner {
  const { command, lockFile, pixelsFolder, onMessage, onLost, onStarted, notBefore } = options;
  let { task } = options;
  let child: ReturnType<typeof forkWrapped> | undefined;
  let exited: Promise<void> = Promise.resolve();
  let isStopped = false;
  let silentChecks = 0;
  let [generation, failures, firstFailure] = [0, 0, 0];
  let restart: NodeJS.Timeout | undefined;

  const send = (message: ToCamera) => {
    if (child?.connected) child.send(message, () => undefined);
  };

  function start(): void {
    const folder = join(pixelsFolder, String(generation++));
    const slots = createSlots(folder);
    const started = performance.now();
    const forked = forkWrapped(command(lockFile));
    const owner: PixelOwner = {
      pathOf: (slot) => slots[slot]!,
      free: (slot) => {
        if (child === forked) send({ type: 'free', slot });
      },
    };
    child = forked;
    silentChecks = 0;
    forked.on('message', (message: FromCamera) => {
      silentChecks = 0;
      if (!isStopped) onMessage(message, owner);
    });
    exited = new Promise((resolve) => {
      const end = (how: string) => {
        resolve();
        if (child !== forked) return;
        child = undefined;
        if (!isStopped) onExit(how, performance.now() - started);
      };
      forked.once('exit', (code, signal) => end(signal ?? describeExit(code)));
      forked.on('error', (error) => forked.pid === undefined && end(error.message));
    });
    send({ type: 'start', task: { ...task, slots, notBefore: notBefore() } });
    onStarted();
  }

  function onExit(how: string, ranMs: number): void {
    failures = ranMs >= HEALTHY_MS ? 1 : failures + 1;
    if (failures === 1) firstFailure = performance.now();
    onLost(how);
    const awayMs = performance.now() - firstFailure;
    // The first one is replaced at once.
    const delay =
      failures === 1 ? 0 : reconnectDelay({ reason: 'worker_lost', count: failures, awayMs });
    restart = setTimeout(start, delay);
  }

  const watch = setInterval(() => {
    if (++silentChecks >= HUNG_CHECKS) child?.kill('SIGKILL');
  }, TICK_MS);

  start();
  return {
    send,
    configure(parameters) {
      task = { ...task, parameters };
      send({ type: 'configure', parameters });
    },
    async stop() {
      isStopped = true;
      clearInterval(watch);
      clearTimeout(restart);
      child?.kill('SIGKILL');
      await exited;
    },
    removePixels: () => rmSync(pixelsFolder, { recursive: true, force: true }),
    get pid() {
      return child?.pid;
    },
  };
}

function describeExit(code: number | null): string {
  return code === LOCKED ? 'another worker of this host runs the camera' : `exit code ${code}`;
}
