import { execa } from 'execa';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';

/** Paths of PEM files, signed by one authority that no system trusts. */
export interface TestAuthority {
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const EXTENSIONS = 'basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n';

/** Creates an authority and its certificates in a folder, valid for two days. */
export async function makeAuthority(folder: string): Promise<TestAuthority> {
  const path = (name: string) => join(folder, name);
  const openssl = (...options: readonly string[]) => execa('openssl', options);
  const ca = { cert: path('ca.pem'), key: path('ca.key') };
  const subject = ['-days', '2', '-subj', '/CN=Vidette test authority'];
  await openssl('req', '-x509', ...NEW_KEY, ...subject, '-keyout', ca.key, '-out', ca.cert);
  await writeFile(path('extensions'), EXTENSIONS);
  const sign = async (name: string): Promise<KeyPair> => {
    const pair = { cert: path(`${name}.pem`), key: path(`${name}.key`) };
    const request = path(`${name}.csr`);
    await openssl('req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', pair.key, '-out', request);
    const by = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-days', '2'];
    const given = ['-in', request, '-extfile', path('extensions')];
    await openssl('x509', '-req', ...given, ...by, '-out', pair.cert);
    return pair;
  };
  return { ca: ca.cert, server: await sign('server'), client: await sign('client') };
}

export interface FrontOptions {
  /** Whether a client must present a certificate of the authority. */
  readonly asksClients?: boolean;
  /** Protocol that the server negotiates by ALPN; `h2` is HTTP/2. */
  readonly protocols?: readonly string[];
}

/** Options of a server that presents its certificate and requires one of clients if asked to. */
export async function serverOptions(
  { ca, server }: TestAuthority,
  { asksClients = false, protocols }: FrontOptions = {},
): Promise<TlsOptions> {
  const [cert, key] = [await readFile(server.cert), await readFile(server.key)];
  const asking = { requestCert: true, rejectUnauthorized: true, ca: await readFile(ca) };
  const ALPNProtocols = protocols && [...protocols];
  return { cert, key, ...(ALPNProtocols && { ALPNProtocols }), ...(asksClients && asking) };
}

/** Starts a TLS proxy in front of a plain port on loopback. */
export async function startTlsFront(target: number, options: TlsOptions) {
  const sockets = new Set<Socket>();
  const server = createServer(options, (outside) => {
    const inside = connect(target, '127.0.0.1');
    for (const socket of [outside, inside]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    outside.on('error', () => inside.destroy()).on('close', () => inside.destroy());
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
    outside.pipe(inside).pipe(outside);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has a port
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
