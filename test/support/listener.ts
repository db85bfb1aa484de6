import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of loopback that counts its connections. */
export interface Listener {
  /** Host and port, such as `127.0.0.1:40123`. */
  readonly address: string;
  /** Number of connections so far. */
  visits(): number;
  close(): void;
}

/** Listens on a free port of loopback and closes every connection. */
export async function startListener(): Promise<Listener> {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.on('error', () => undefined).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe, so not a string
  return {
    address: `127.0.0.1:${port}`,
    visits: () => visits,
    close: () => void server.close(),
  };
}
