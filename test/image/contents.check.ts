import { describe, expect, inject, it } from 'vitest';
import { YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { podman } from './containers.js';

const TARGETS = ['serve', 'cpu'] as const;
const MAX_MB = { serve: 530, cpu: 1100 };
/** Directories and files that ffmpeg depends on and does not load. */
const UNUSED = ['dri', 'vdpau', 'libLLVM*', 'libz3*'];
/** Folders of Debian's packages that must be empty, but for licences. */
const DOCS = ['/usr/share/man', '/usr/share/locale'];

/** Runs a shell command in a container of an image that is removed afterwards. */
const shell = (target: (typeof TARGETS)[number], command: string) => {
  const run = ['run', '--rm', '--network', 'none', '--read-only', '--cap-drop', 'all'];
  const { [target]: image } = inject('images');
  return podman([...run, '--tmpfs', '/tmp', '--entrypoint', '/bin/bash', image, '-c', command]);
};
const inspect = async (target: (typeof TARGETS)[number]) => {
  const { [target]: image } = inject('images');
  return (JSON.parse(await podman(['image', 'inspect', image])) as ImageFacts[])[0]!;
};

interface ImageFacts {
  readonly Size: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, object>>;
    readonly Env: readonly string[];
  };
}

describe.each(TARGETS)('the image %s', (target) => {
  it('is small enough', async () => {
    const megabytes = Math.round((await inspect(target)).Size / 1e6);
    console.log(`image ${target}: ${megabytes} MB`);
    expect(megabytes).toBeLessThanOrEqual(MAX_MB[target]);
  });

  it('describes itself, its port, its health check and its init process', async () => {
    const { Labels: labels, Healthcheck: health, Config: config } = await inspect(target);
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'Vidette',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
    expect(Object.keys(config.ExposedPorts)).toEqual(['8080/tcp']);
    expect(health.Test).toEqual(['CMD', 'node', 'healthcheck.mjs']);
    expect(config.Entrypoint).toEqual(['/usr/bin/tini', '--']);
    expect(config.User).toBe('10001:10001');
    expect(config.Env).toContain('ORT_DISABLE_TELEMETRY=1');
    // Certificates of the machine that built it stay there.
    expect(config.Env.join()).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  it('includes the default model and no other', async () => {
    const found = await shell(
      target,
      'find / -xdev -name "*.onnx" -exec sha256sum {} + 2>/dev/null; true',
    );
    const { file, facts } = YOLOX_NANO_FILE;
    expect(found).toBe(`${facts.sha256}  /app/included-models/${file}`);
  });

  it('has the binaries of one architecture, and neither npm nor a compiler', async () => {
    const native = await shell(
      target,
      "find node_modules -name '*.node' | grep -v -e prebuilds -e @img; find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 3 -type d",
    );
    const other = process.arch === 'arm64' ? /x64|x86_64/ : /arm64|aarch64/;
    expect(native).not.toMatch(other);
    expect(native).not.toMatch(/darwin|win32|windows/);
    expect(native.includes('core-bridge')).toBe(target === 'cpu');
    expect(await shell(target, 'command -v npm npx gcc curl git || true')).toBe('');
  });

  it('has no documents but licences', async () => {
    expect(await shell(target, `find ${DOCS.join(' ')} -type f 2>/dev/null | head; true`)).toBe('');
    const docs = await shell(target, 'find /usr/share/doc -type f ! -name copyright | head; true');
    expect(docs).toBe('');
    expect(await shell(target, 'find /usr/share/doc -name copyright | head -1')).not.toBe('');
  });

  it('runs as a user that cannot write outside of its folders', async () => {
    expect(await shell(target, 'id -u; id -g')).toBe('10001\n10001');
    const { [target]: image } = inject('images');
    // Also where the root is not read-only.
    const run = ['run', '--rm', '--network', 'none', '--entrypoint', '/bin/bash', image, '-c'];
    const tried = await podman([...run, 'touch /app/x /etc/x /x 2>&1; true']);
    expect(tried.match(/Permission denied/g)).toHaveLength(3);
  });
});

describe('ffmpeg in the image cpu', () => {
  it('lacks what it does not load', async () => {
    const names = UNUSED.map((name) => `-name '${name}'`).join(' -o ');
    const found = await shell(
      'cpu',
      `find /usr/lib -type f \\( ${names} \\); find /usr/lib -path '*/dri/*' -o -path '*/vdpau/*'`,
    );
    expect(found).toBe('');
    expect(await shell('cpu', 'ldd /usr/bin/ffmpeg | grep "not found"; true')).toBe('');
  });

  it.each([
    ['H.264', '-c:v libx264 -pix_fmt yuv420p', 'clip.mp4', 'h264'],
    ['MJPEG', '-c:v mjpeg -pix_fmt yuvj420p', 'clip.avi', 'mjpeg'],
  ])('encodes and decodes %s', async (_, encoder, file, codec) => {
    const probe =
      'ffprobe -v error -count_frames -show_entries stream=codec_name,nb_read_frames -of csv=p=0';
    const made = `ffmpeg -v error -f lavfi -i testsrc2=s=320x240:d=2:r=10 ${encoder} /tmp/${file}`;
    expect(await shell('cpu', `${made} && ${probe} /tmp/${file}`)).toBe(`${codec},20`);
  });
});
