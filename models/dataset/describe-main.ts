import sharp from 'sharp';
import { errorRecordOf } from '../../domain/error-record.js';
import { blockOtherLoaders } from '../preprocess/read-image.js';
import { describeImage } from './describe-image.js';

sharp.concurrency(1);
sharp.cache(false);
blockOtherLoaders();

/** Message of `adapters/image/image-describer.ts`. */
interface Request {
  readonly data: Uint8Array;
  readonly isFrame: boolean;
}

async function replyTo({ data, isFrame }: Request) {
  try {
    return { result: await describeImage(Buffer.from(data), isFrame) };
  } catch (error) {
    return { error: errorRecordOf(error) };
  }
}

// Process that describes the images of data sets, without credentials.
process.on('message', (request: Request) => {
  void replyTo(request).then((reply) => process.send?.(reply));
});
