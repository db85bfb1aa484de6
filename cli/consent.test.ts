import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addConsentOptions, type ConsentFlags, createConfirm } from './consent.js';
import { createOutput } from './output.js';

const NONE = { install: false, agpl: false };

/** Returns whether an installation and an AGPL model are allowed; tests have no terminal. */
async function allowed(flags: ConsentFlags, consent = NONE) {
  const out = createOutput({ json: true, level: 'error' });
  const { signal } = new AbortController();
  const confirm = createConfirm({ config: { consent }, flags, out, signal });
  const [install, agpl] = await Promise.all([
    confirm({ kind: 'install', question: 'Install?' }),
    confirm({ kind: 'agpl', question: 'Accept?' }),
  ]);
  return { install, agpl };
}

it('allows nothing without a flag, a variable or a terminal', async () => {
  expect(await allowed({})).toEqual(NONE);
});

it('allows what the environment allows', async () => {
  expect(await allowed({}, { install: true, agpl: false })).toEqual({ install: true, agpl: false });
});

it.each([
  { args: ['--yes'], expected: { install: true, agpl: false } },
  { args: ['--accept-agpl'], expected: { install: false, agpl: true } },
])('reads $args as consent to one thing alone', async ({ args, expected }) => {
  const command = addConsentOptions(new Command()).parse(args, { from: 'user' });
  expect(await allowed(command.opts<ConsentFlags>())).toEqual(expected);
});
