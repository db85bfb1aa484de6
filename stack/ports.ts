import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort from 'get-port';
import type { OnStep } from './on-step.js';
import { portsSchema, type Ports } from './supervisor/stack-plan.js';
import { readJson, writeJson } from './write-json.js';

const HOST = '127.0.0.1';

const PREFERRED: Partial<Ports> = {
  temporal: 7233,
  temporalUi: 8233,
  objectStore: 9000,
  objectStoreConsole: 9001,
  documentStore: 27017,
  api: 8080,
};

const TITLES: Record<keyof Ports, string> = {
  temporal: 'Temporal',
  temporalUi: "Temporal's Web UI",
  temporalUiBackend: "the server of Temporal's Web UI",
  objectStore: 'the object store',
  objectStoreConsole: "the object store's console",
  documentStore: 'the document store',
  api: 'the HTTP API',
};

interface ChoosePortsOptions {
  /** File that stores the chosen ports for the next run. */
  readonly path: string;
  /** Whether the well-known ports are tried first; false in tests. */
  readonly preferWellKnown: boolean;
  readonly onStep: OnStep;
}

/** Chooses free ports on 127.0.0.1: the stored ones, else the well-known ones, else others. */
export async function choosePorts(options: ChoosePortsOptions): Promise<Ports> {
  // A file of an older version lacks some ports.
  const stored = portsSchema.partial().safeParse(await readJson(options.path)).data;
  const wanted: Partial<Ports> = { ...(options.preferWellKnown && PREFERRED), ...stored };
  const chosen = new Map<keyof Ports, number>();
  for (const name of portsSchema.keyof().options) {
    const port = await choosePort(wanted[name], new Set(chosen.values()));
    if (wanted[name] !== undefined && port !== wanted[name]) {
      options.onStep(
        `Port ${wanted[name]} is in use by another program; ${TITLES[name]} uses ${port}.`,
      );
    }
    chosen.set(name, port);
  }
  const ports = portsSchema.parse(Object.fromEntries(chosen));
  await writeJson(options.path, ports);
  return ports;
}

async function choosePort(wanted: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (wanted !== undefined && !taken.has(wanted) && (await isFree(wanted))) return wanted;
  return freePort(taken);
}

/** Finds a free port on 127.0.0.1 that is not in `taken`. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  // Below the ephemeral range, so that no outgoing connection takes it meanwhile.
  const candidates = Array.from({ length: 64 }, () => randomInt(20_000, 30_000));
  return getPort({ host: HOST, port: candidates, exclude: taken });
}

// Not get-port, which does not return a port again for a while even if it has been released.
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: HOST, exclusive: true }, resolve);
    });
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
