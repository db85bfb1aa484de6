import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa, type ResultPromise } from 'execa';
import { z } from 'zod';
import { findFaultCamera } from './go-programs.js';

/** Process of an RTSP camera that repeats a clip. */
export interface FaultCameraProcess {
  /** Host and port of its RTSP server. */
  readonly rtsp: string;
  /** Host and port by which faults are requested. */
  readonly control: string;
  readonly child: ResultPromise;
}

const READY = z.object({ rtsp: z.string(), control: z.string() });

/** Starts the camera in `fault-camera/`, which ends with this process. */
export async function startFaultCameraProcess(
  options: readonly string[],
): Promise<FaultCameraProcess> {
  const child = execa(await findFaultCamera(), options, {
    stdio: ['pipe', 'pipe', 'inherit'],
    buffer: false,
    reject: false,
  });
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  return { ...READY.parse(JSON.parse(String(line))), child };
}
