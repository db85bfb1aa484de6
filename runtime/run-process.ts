import { AppError, messageOf } from '../domain/errors.js';

/**
 * Runs the main function of a process. An {@link AppError}, such as that of wrong settings, is one line
 * on standard error and exit code 1; any other error has its stack.
 */
export async function runProcess(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}
