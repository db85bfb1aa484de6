import sharp from 'sharp';
import { blockOtherLoaders } from '../models/preprocess/read-image.js';
import { runCamera } from './camera/camera.js';
import { createRedactor } from './camera/redact.js';
import type { FromCamera, ToCamera } from './protocol.js';

/** Process that reads one camera. Its URL arrives by the channel, never by arguments or environment. */
function main(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  blockOtherLoaders();
  let redact = (text: string) => text;
  let take: ((message: ToCamera) => void) | undefined;
  const send = (message: FromCamera) => void process.send?.(redacted(message, redact));
  process.on('message', (message: ToCamera) => {
    if (message.type !== 'start') return take?.(message);
    redact = createRedactor(message.task.url);
    take = runCamera(message.task, send);
  });
  // The worker ends this process; without one, its frames are not read.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

/** Removes the secrets of the camera from the texts of a message. */
function redacted(message: FromCamera, redact: (text: string) => string): FromCamera {
  switch (message.type) {
    case 'state': {
      const cause = { ...message.cause, message: redact(message.cause.message) };
      const text = message.message === undefined ? {} : { message: redact(message.message) };
      return { ...message, cause, ...text };
    }
    case 'frame': {
      const losses = message.frame.losses.map(({ to, cause }) => {
        return { to, cause: { ...cause, message: redact(cause.message) } };
      });
      return { ...message, frame: { ...message.frame, losses } };
    }
    case 'failed':
      return { ...message, message: redact(message.message) };
    case 'alive':
    case 'overload':
    case 'ended':
    case 'snapshot':
    case 'unit':
      return message;
  }
}

main();
