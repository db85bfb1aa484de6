import { outColors as colors } from '../colors.js';
import { addExamples, type DefineCommand, setExitCode } from '../command.js';
import type { Check } from '../doctor/check.js';
import { EXIT } from '../exit-codes.js';

export const defineDoctor: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'doctor', 'doctor --json').action(async () => {
    const { checkAll } = await import('../doctor/check-all.js');
    const { config, out } = await createApp();
    const checks = await checkAll(config);
    const ok = checks.every(({ state }) => state !== 'missing');
    out.result({ ok, checks }, checks.map(formatCheck).join('\n'));
    if (!ok) setExitCode(EXIT.FAILED);
  });
};

const MARKS = {
  ok: colors.green('ok     '),
  note: colors.yellow('note   '),
  missing: colors.red('missing'),
} as const;

function formatCheck({ name, state, message }: Check): string {
  return `${MARKS[state]}  ${name.padEnd(14)} ${message}`;
}
