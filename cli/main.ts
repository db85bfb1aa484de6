import { CommanderError } from 'commander';
import { interruption } from './app.js';
import { normaliseArguments } from './arguments.js';
import { exitCodeOf } from './exit-codes.js';
import { createProgram } from './program.js';

/** Entry point of `vidette`. */
ignoreClosedPipe();
const args = normaliseArguments(process.argv.slice(2));
const program = await createProgram(interruption(), args);
try {
  await program.command.parseAsync(args, { from: 'user' });
} catch (error) {
  // The parser has already printed its own errors.
  if (!(error instanceof CommanderError)) program.output().failure(error);
  process.exitCode = exitCodeOf(error);
}

/** A reader of the output that has left, such as `head`, is not a failure. */
function ignoreClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
