import type { Command } from 'commander';
import { outColors as colors } from '../colors.js';
import { type CreateApp, newCommand, setExitCode } from '../command.js';
import { checkAll, type Check } from '../doctor/check-all.js';
import { EXIT } from '../exit-codes.js';

export function doctorCommand(createApp: CreateApp): Command {
  return newCommand('doctor', 'look at everything that Vidette needs on this machine', [
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
