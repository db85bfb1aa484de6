import type { Command } from 'commander';
import { outColors as colors } from '../colors.js';
import { type CreateApp, newCommand, setExitCode } from '../command.js';
import type { Check } from '../doctor/check.js';
import { checkAll } from '../doctor/check-all.js';
import { EXIT } from '../exit-codes.js';

export function doctorCommand(createApp: CreateApp): Command {
  return newCommand('doctor', 'check that this machine has everything Vidette needs', [
    'doctor',
    'doctor --json',
  ]).action(async () => {
    const { config, out } = createApp();
    const checks = await checkAll(config);
    const ok = checks.every(({ state }) => state !== 'missing');
    out.result({ ok, checks }, checks.map(formatCheck).join('\n'));
    if (!ok) setExitCode(EXIT.FAILED);
  });
}

const MARKS = {
  ok: colors.green('ok     '),
  note: colors.yellow('note   '),
  missing: colors.red('missing'),
} as const;

function formatCheck({ name, state, message }: Check): string {
  return `${MARKS[state]}  ${name.padEnd(14)} ${message}`;
}
