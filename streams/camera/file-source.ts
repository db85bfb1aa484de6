import { decodeFile } from '../../adapters/camera/file-frames.js';
import { resolveVideoFile } from '../../adapters/camera/file-source.js';
import { probeStream } from '../../adapters/ffmpeg/probe-stream.js';
import { letterboxOf } from '../../models/preprocess/letterbox.js';
import type { CameraContext, SourceReader } from './context.js';
import { createFrameFeed } from './frame-feed.js';
import { createScenes } from './scenes.js';

/** Reads a file as a camera. */
export function createFileSource(context: CameraContext): SourceReader {
  const { settings, parameters, clock, sink, outbox, givenUrl } = context;
  const { launcher, prober, stallS, maxPixels, fileRoot } = settings;

  async function readSize(source: string, signal: AbortSignal) {
    const tool = { launcher: prober, stallS };
    const limits = { maxPixels, maxSeconds: Infinity, maxFrames: Infinity };
    const request = { source, track: 0, signal };
    return (await probeStream({ ffprobe: tool, ffmpeg: tool, ...limits }, request)).stream.size;
  }

  return {
    async read(signal) {
      const path = await resolveVideoFile(givenUrl, fileRoot);
      const size = await readSize(path, signal);
      const { fps, input, pace, loop, gate } = parameters();
      const { content } = letterboxOf(size, input);
      const output = { fps, size: content, maxPixels };
      const scenes = createScenes();
      const feed = createFrameFeed(context);
      const facts = {
        damaged: false,
        cameraTime: null,
        layout: 'planes',
        fps,
        content,
        size,
      } as const;
      const options = { launcher, path, pace, loop, output, now: clock.now };
      sink.arrived(Math.round(clock.now()));
      for await (const { arrival, planes: pixels } of decodeFile(options, signal)) {
        const frame = { ...facts, arrival, pixels };
        const isStill = gate !== 'off' && scenes.isStill(frame);
        sink.add(frame, { keep: pace === 'fast', ...(isStill && { scene: scenes.arrival }) });
        await feed(frame);
        // A file that is read fast waits for the lanes.
        if (pace === 'fast') await outbox.drained();
      }
    },
    reconfigure: () => false,
  };
}
