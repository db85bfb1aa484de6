import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID, SCENARIO_UUID } from '../../domain/names.js';
import { EXAMPLE, seconds, time } from './common.js';

const cameraId = described(
  z.string().regex(ID, 'expected letters, digits, "_" or "-"'),
  'Id of the camera.',
  'gate-north',
);

/** Path parameters of a camera. */
export const cameraParams = z.object({ camera_id: cameraId });

const secrets = {
  url: described(
    z.string().min(1).max(2048),
    'rtsp, rtsps, http, https or file URL. A secret: it is stored sealed and never returned.',
    'rtsp://10.0.0.7/stream1',
  ),
  username: described(
    z.string().max(256).optional(),
    'User name, instead of that of the URL.',
    'viewer',
  ),
  password: described(
    z.string().max(256).optional(),
    'Password, instead of that of the URL.',
    'p@ss#word',
  ),
};

export const cameraRequestSchema = z
  .strictObject({ camera_id: cameraId, ...secrets })
  .meta({ id: 'CameraRequest', description: 'Camera to add.' });

export const cameraTestSchema = z
  .strictObject({ ...secrets, url: secrets.url.optional(), camera_id: cameraId.optional() })
  .meta({ id: 'CameraTestRequest', description: 'Camera to test: its URL or its camera_id.' });

export const cameraSchema = z
  .object({
    camera_id: cameraId,
    camera: described(z.string(), 'Protocol and host, or the URL of a file.', 'rtsp://10.0.0.7'),
    scenario_uuid: described(
      z.string().regex(SCENARIO_UUID).nullable(),
      'Scenario that was deployed with the URL itself; null for a camera that was added.',
      EXAMPLE.scenario,
    ),
    updated_at: time('Last change.'),
  })
  .meta({ id: 'Camera', description: 'Camera, without its URL.' });

export const camerasSchema = z
  .object({ cameras: described(z.array(cameraSchema).readonly(), 'Cameras, by id.') })
  .meta({ id: 'Cameras', description: 'All cameras.' });

const CODECS = ['h264', 'h265', 'mjpeg', 'mpegts', 'flv', 'mov', 'file'] as const;
const measured = (description: string, example: number) =>
  described(z.number().nullable(), description, example);

export const cameraTestResultSchema = z
  .object({
    camera: described(z.string(), 'Protocol and host, or the URL of a file.', 'rtsp://10.0.0.7'),
    codec: described(z.enum(CODECS), 'Codec, or the container that ffmpeg reads.'),
    width: measured('Width in pixels; null if only the decoder knows it.', 1920),
    height: measured('Height in pixels.', 1080),
    fps: measured('Frames per second that the camera sends.', 25),
    keyframe_interval_s: measured('Mean seconds between keyframes.', 2),
    kbit_per_s: measured('Bit rate.', 4000),
    jitter_ms: measured('Mean deviation of the interval between frames.', 3.5),
    lost_packets: measured('Packets that did not arrive.', 0),
    authenticated: described(z.boolean(), 'Whether it accepted a user name and password.'),
    seconds: seconds('Length of the test.', 6.2),
    cores: measured('Estimated cores of a scenario with YOLOX-nano.', 0.18),
    cores_fps: described(z.number(), 'Frames per second of that estimate.', 2),
    frame: described(
      z.string().optional(),
      'JPEG of one frame in base64; missing if none can be decoded.',
      '/9j/4AAQSkZJRg==',
    ),
  })
  .meta({ id: 'CameraTest', description: 'What a camera sends, and what it will cost.' });
