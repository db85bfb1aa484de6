import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** A published port in the short form `127.0.0.1:8080:8080`. */
const port = z
  .string()
  .transform((text) => text.split(':'))
  .transform((parts) => ({
    hostIp: parts.length === 3 ? parts[0] : undefined,
    target: parts.at(-1),
  }));
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), value).optional(),
  ports: z.array(port).optional(),
  restart: z.string(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  read_only: z.boolean().optional(),
  healthcheck: z.unknown().optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const composeFile = z.object({ services: z.record(z.string(), service) });

export type ComposeService = z.infer<typeof service>;

/**
 * Reads the services of a Compose file that run with these settings and profiles.
 * @throws Error with the message of the file if a setting that it requires is missing or empty.
 */
export async function readCompose(
  path: string,
  settings: Readonly<Record<string, string>>,
  profiles: readonly string[] = [],
): Promise<Record<string, ComposeService>> {
  const text = interpolate(await readFile(path, 'utf8'), settings);
  const { services } = composeFile.parse(parse(text, { merge: true }));
  const isChosen = ({ profiles: needed }: ComposeService) =>
    !needed || needed.some((profile) => profiles.includes(profile));
  return Object.fromEntries(Object.entries(services).filter(([, each]) => isChosen(each)));
}

/** Replaces `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as Docker Compose does. */
function interpolate(text: string, settings: Readonly<Record<string, string>>): string {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .join('\n')
    .replace(
      /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g,
      (whole, name: string | undefined, operator: string | undefined, argument = '') => {
        if (name === undefined) return '$';
        const given = settings[name] ?? '';
        if (given !== '' || operator === undefined) return given;
        if (operator === '-') return String(argument);
        throw new Error(`${name} is missing a value: ${String(argument)} (${whole})`);
      },
    );
}
