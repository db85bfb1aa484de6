import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENING = '0A';
/** 127.0.0.1, ::1, and 127.0.0.1 within IPv6, as `/proc/net` writes them. */
const LOOPBACK = new Set([
  '0100007F',
  '00000000000000000000000001000000',
  '0000000000000000FFFF00000100007F',
]);

/** Returns the TCP sockets on which processes listen, as hexadecimal `address:port`. */
export async function listeningSockets(pids: readonly number[]): Promise<string[]> {
  const inodes = new Set((await Promise.all(pids.map(socketInodes))).flat());
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readTable(`/proc/net/${name}`)));
  const sockets = tables.flat().filter(({ inode }) => inodes.has(inode));
  return sockets.filter(({ state }) => state === LISTENING).map(({ local }) => local);
}

/** Whether a socket of {@link listeningSockets} can be reached from this machine only. */
export function isLoopback(socket: string): boolean {
  return LOOPBACK.has(socket.split(':')[0]!);
}

async function socketInodes(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  // The file may be closed since it was listed.
  const links = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

async function readTable(path: string) {
  const lines = (await readFile(path, 'utf8')).trim().split('\n').slice(1);
  return lines.map((line) => {
    const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    return { local, state, inode };
  });
}
