import { expect, it } from 'vitest';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { temporalServer } from './temporal.js';

const PLAN = {
  ...{ dataDir: '/data', searchPath: '/bin', tools: { temporal: '/bin/temporal' } },
  ports: { temporal: 7233, temporalUi: 8233, temporalUiBackend: 20_001 },
} as StackPlan; // the fields that the server uses

const { args, env, ui } = temporalServer(PLAN, []);
const configured = args.filter((_, i) => args[i - 1] === '--dynamic-config-value');

it('closes the HTTP API of Temporal to every host name, because web pages can reach it', () => {
  expect(configured).toContain('frontend.httpAllowedHosts=["vidette.invalid"]');
});

it('serves its Web UI to the proxy that checks host names only', () => {
  expect(args[args.indexOf('--ui-port') + 1]).toBe('20001');
  expect(ui).toBe('http://127.0.0.1:8233');
});

it('disables the look-up of versions', () => {
  expect(env).toEqual({ PATH: '/bin', HOME: '/data', TEMPORAL_VERSION_CHECK_DISABLED: 'true' });
});

it('listens on loopback only', () => {
  expect(args.slice(args.indexOf('--ip'), args.indexOf('--ip') + 2)).toEqual(['--ip', '127.0.0.1']);
});
