import { rename } from 'node:fs/promises';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { CONTRACT_VIDEO, videoToolsContract } from '../contracts/video-tools.js';
import { makeNumberedClip } from '../support/numbered-clip.js';

videoToolsContract(
  'ffmpeg',
  (folder) => createVideoTools(readConfig({}).ffmpeg, folder),
  async (path) => {
    const clip = `${path}.mp4`;
    await makeNumberedClip(clip, { ...CONTRACT_VIDEO, options: ['-c:v', 'libx264'] });
    await rename(clip, path);
  },
);
