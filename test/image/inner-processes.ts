import type { Container } from './containers.js';

/** Runs in the container: kills a lane while one decodes, and writes its process id. */
const KILL_LANE = `
const { readdirSync, readFileSync } = require('node:fs');
const commandOf = (pid) => { try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8'); } catch { return ''; } };
const pidsOf = (part) => readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid)
  && Number(pid) !== process.pid && commandOf(pid).split('\\0').slice(0, 8).join(' ').includes(part));
const deadline = Date.now() + 60000;
const timer = setInterval(() => {
  const [lane] = pidsOf('detection/lane-main.js');
  const isDecoding = lane && pidsOf('ffmpeg -').length > 0;
  if (!isDecoding && Date.now() < deadline) return;
  clearInterval(timer);
  if (isDecoding) { process.kill(Number(lane), 'SIGKILL'); console.log(lane); }
}, 20);
`;

/**
 * Sends SIGKILL to a lane of a worker, in its container, while ffmpeg decodes for a lane.
 * @returns the id of the process in the container.
 * @throws Error if no lane decoded within a minute.
 */
export async function killLane(container: Container): Promise<number> {
  const pid = await container.exec(['node', '-e', KILL_LANE]);
  if (pid === '') throw new Error(`No lane of ${container.name} decoded within 60 s.`);
  return Number(pid);
}

/** CPU time of all processes in a container and of those that they have collected, in seconds. */
export async function cpuSecondsOf(container: Container): Promise<number> {
  const stats = await container.exec(['bash', '-c', 'getconf CLK_TCK; cat /proc/[0-9]*/stat']);
  const [ticksPerS, ...lines] = stats.split('\n');
  // The name, in brackets, may have spaces; utime, stime, cutime and cstime are fields 14 to 17.
  const times = lines.flatMap((line) =>
    line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15),
  );
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / Number(ticksPerS);
}

/** Number of processes that have ended and that no process has collected. */
export async function countZombies(container: Container): Promise<number> {
  const states = await container.exec(['bash', '-c', 'cat /proc/[0-9]*/stat 2>/dev/null; true']);
  return (states.match(/^\d+ \(.*\) Z /gm) ?? []).length;
}

/** Files that a process tries to make: in its folders, and elsewhere. */
const TRIED = ['/app/x', '/etc/x', '/var/x', '/x', '/tmp/x', '/data/x', '/scratch/x'];

/** What a process in a container may do. */
export interface Rights {
  readonly user: number;
  /** Capabilities that it has or can get: sets of bits. */
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  /** Which of {@link TRIED} it can make. */
  readonly writable: readonly string[];
}

export async function rightsOf(container: Container): Promise<Rights> {
  const touch = `for p in ${TRIED.join(' ')}; do touch $p 2>&- && rm $p && echo $p; done; true`;
  const text = await container.exec(['bash', '-c', `cat /proc/self/status; ${touch}`]);
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\w+)`, 'm').exec(text)?.[1];
  const capabilities = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) =>
    BigInt(`0x${field(name)}`),
  );
  return {
    user: Number(field('Uid')),
    capabilities: capabilities.reduce((all, each) => all | each),
    noNewPrivileges: field('NoNewPrivs') === '1',
    writable: text.split('\n').filter((line) => line.startsWith('/')),
  };
}
