import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectFile } from '../../platform/package-root.js';
import { isLoopback, listeningSockets } from '../support/listening.js';
import { checkManifests } from './checks/index.js';
import { findSecrets } from './checks/environment.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { installCustomResources } from './custom-resources.js';
import {
  buildExample,
  COMPONENTS,
  findManifest,
  makeRules,
  type Manifest,
  SECRET_VALUES,
  titleOf,
} from './manifests.js';
import { podOf, workloadsOf } from './workloads.js';

const RULES = projectFile('deploy/k8s/components/monitoring/rules.yaml');
const DRY_RUN = ['--dry-run=server'];

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await installCustomResources(plane);
});
afterAll(() => plane?.close());

/** Its template has the names of the settings, and cannot be changed. */
const deleteJob = () =>
  plane.kubectl.run([
    ...['delete', 'job', 'vidette-init', '--namespace', 'vidette', '--ignore-not-found'],
  ]);

/** The overlay alone, with each component, and with all of them. */
const OVERLAYS: [string, readonly string[]][] = [
  ['without components', []],
  ...COMPONENTS.map((name): [string, string[]] => [`with ${name}`, [name]]),
  ['with all components', COMPONENTS],
];

describe.each(OVERLAYS)('the overlay %s', (_, components) => {
  let manifests: readonly Manifest[];
  beforeAll(async () => {
    manifests = await buildExample(plane.kubectl, components);
    await deleteJob();
  });

  it('is accepted by the API server, with nothing to warn of', async () => {
    const { exitCode, stderr } = await plane.kubectl.apply(manifests);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('has pods that a restricted namespace admits', async () => {
    const pods = manifests.filter(({ kind }) => isWorkload(kind)).map(podOf);
    const { exitCode, stderr } = await plane.kubectl.apply(pods, DRY_RUN);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('passes the checks of what the API server does not see', async () => {
    expect(await checkManifests(manifests)).toEqual([]);
    expect(findSecrets(manifests, SECRET_VALUES)).toEqual([]);
  });
});

const isWorkload = (kind: string) => ['Deployment', 'StatefulSet', 'Job'].includes(kind);

describe('the component monitoring', () => {
  it('has the alerts of deploy/monitoring; `npm run k8s:check -- -u` writes them', async () => {
    const title = '# Made from deploy/monitoring/rules/vidette.yml by `npm run k8s:check -- -u`.\n';
    await expect(
      `${title}${stringify(await makeRules(), { singleQuote: true, lineWidth: 0 })}`,
    ).toMatchFileSnapshot(RULES);
  });

  it('has the dashboards of deploy/monitoring', async () => {
    const files = await readdir(projectFile('deploy/monitoring/grafana/dashboards'));
    const manifests = await buildExample(plane.kubectl, ['monitoring']);
    const { data } = findManifest(manifests, 'ConfigMap', 'vidette-dashboards');
    expect(Object.keys(Object(data) as object).sort()).toEqual(files.sort());
  });
});

describe('every overlay', () => {
  it('has a budget of disruption for each Deployment and StatefulSet', async () => {
    const manifests = await buildExample(plane.kubectl, COMPONENTS);
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
    const services = workloadsOf(manifests).filter(({ kind }) => kind !== 'Job');
    expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(
      services.map(({ name }) => name).sort(),
    );
  });

  it('publishes the API and the role of images only', async () => {
    const manifests = await buildExample(plane.kubectl);
    const published = manifests.filter((each) => JSON.stringify(each).includes('"LoadBalancer"'));
    expect(published.map(titleOf)).toEqual(['Service api', 'Service images']);
  });

  it('is upgraded after its Job was deleted, and not before', async () => {
    const manifests = await buildExample(plane.kubectl);
    await deleteJob();
    expect(await plane.kubectl.apply(manifests)).toMatchObject({ exitCode: 0, stderr: '' });
    const text = JSON.stringify(manifests).replaceAll('vidette:0.1.0', 'vidette:0.2.0');
    const upgraded = JSON.parse(text) as Manifest[];
    const { exitCode, stderr } = await plane.kubectl.apply(upgraded);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('field is immutable');
    await deleteJob();
    expect(await plane.kubectl.apply(upgraded)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is tested on loopback', async () => {
    const sockets = await listeningSockets(plane.pids);
    expect(sockets.length).toBeGreaterThan(2);
    expect(sockets.filter((socket) => !isLoopback(socket))).toEqual([]);
  });
});
