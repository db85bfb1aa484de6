import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { inject } from 'vitest';
import type { Settings } from '../../stack/settings.js';
import { COMPOSE_FILE, podmanCompose } from './compose-tool.js';
import { type Container, containerOf, podman } from './containers.js';
import type { ServersForContainers } from './servers.js';

export const HOST = '127.0.0.1';
/** Services of docker-compose.yml that run a process of the image `cpu` until they are stopped. */
export const SERVICES = ['video-worker', 'detect-worker', 'api'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Secrets of services that do not run here. */
const UNUSED = { POSTGRES_PASSWORD: 'unused', MONGO_PASSWORD: 'unused' };
/** Secrets of docker-compose.yml that are not in the environment of a container. */
const SECRETS = ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY'] as const;

/** The services of docker-compose.yml whose images are built here, on servers of this machine. */
export interface ComposeProject {
  readonly init: Container;
  container(name: ServiceName): Container;
  /** URL of `/livez` and `/readyz`, of the API that of all routes. */
  url(name: ServiceName): string;
  remove(): Promise<void>;
}

/**
 * Starts them by podman-compose, `init` first. An override file replaces the servers, whose images come
 * from a registry, by the addresses of others on the network of the host.
 */
export async function startComposeProject(servers: ServersForContainers): Promise<ComposeProject> {
  const name = `vidette-check-${randomUUID().slice(0, 8)}`;
  const ports = new Map<ServiceName, number>();
  for (const service of SERVICES) ports.set(service, await getPort({ host: HOST }));
  const override = join(servers.folder, 'override.yml');
  await writeFile(override, overrideOf(servers.settings, ports));
  const secrets = Object.fromEntries(SECRETS.map((key) => [key, servers.settings[key]!]));
  const container = (service: string) => containerOf(`${name}_${service}_1`);
  const remove = async () => {
    for (const service of ['init', ...SERVICES]) await container(service).remove();
    const volumes = await podman(['volume', 'ls', '--quiet', '--filter', `name=^${name}_`]);
    if (volumes) await podman(['volume', 'rm', ...volumes.split('\n')]);
  };
  const project = {
    ...{ container, init: container('init'), remove },
    url: (service: ServiceName) => `http://${HOST}:${ports.get(service)}`,
  };
  const up = (...services: string[]) =>
    podmanCompose({
      ...{ files: [COMPOSE_FILE, override], settings: { ...UNUSED, ...secrets } },
      options: ['--in-pod', 'false', '-p', name],
      args: ['up', '--detach', '--no-deps', '--no-build', ...services],
    });
  try {
    await up('init');
    if ((await podman(['wait', project.init.name])) !== '0') {
      const { stdout, stderr } = await project.init.output();
      throw new Error(`The service init failed: ${stderr}${stdout}`);
    }
    await up(...SERVICES);
    return project;
  } catch (error) {
    await remove();
    throw error;
  }
}

function overrideOf(settings: Settings, portOf: ReadonlyMap<ServiceName, number>): string {
  const { cpu: image } = inject('images');
  const service = (name: string, port: string) => {
    // podman-compose merges values of the same type only; ports are numbers in the file.
    const ports = { VIDETTE_API_PORT: Number(port), VIDETTE_HEALTH_PORT: Number(port) };
    const environment = JSON.stringify({ ...settings, ...listenAt(port), ...ports });
    // JSON is YAML.
    return `  ${name}: { image: "${image}", network_mode: host, environment: ${environment} }`;
  };
  // init listens nowhere.
  const others = [...portOf].map(([name, port]) => service(name, String(port)));
  return ['services:', service('init', '8080'), ...others].join('\n');
}

/** Settings of a process on the network of the host, which listens on loopback only. */
export const listenAt = (port: string): Settings => ({
  ...{ VIDETTE_API_HOST: HOST, VIDETTE_API_PORT: port },
  ...{ VIDETTE_HEALTH_HOST: HOST, VIDETTE_HEALTH_PORT: port },
  ...{ VIDETTE_LANES: '1', VIDETTE_TRAIN: 'false' },
});
