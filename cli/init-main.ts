import { readConfig } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { initialise } from './initialise.js';

/** Entry point of the `init` process of a stack and of the `init` container. */
try {
  await initialise(readConfig(), (message) => console.log(message));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
