import { readdir, readlink } from 'node:fs/promises';
import { execa } from 'execa';

/** Returns the processes of this machine that read the camera of a scenario: they hold its lock. */
export async function camerasOf(scenarioUuid: string): Promise<number[]> {
  const { stdout } = await execa('pgrep', ['-f', 'camera-main'], { reject: false });
  const pids = stdout.split('\n').filter((line) => line !== '');
  const holds = await Promise.all(pids.map((pid) => hasOpen(pid, `${scenarioUuid}.lock`)));
  return pids.filter((_, index) => holds[index]).map(Number);
}

async function hasOpen(pid: string, file: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []); // it has exited
  const links = names.map((name) => readlink(`${folder}/${name}`).catch(() => ''));
  return (await Promise.all(links)).some((link) => link.endsWith(file));
}
