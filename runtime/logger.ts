import { pino } from 'pino';

export type Logger = pino.Logger;

const REDACTED = ['password', 'secretKey', 'accessKey', 'apiKey', 'authorization'];

/** Creates a logger that writes JSON lines to standard output; fields of secrets are redacted. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: [...REDACTED, ...REDACTED.map((key) => `*.${key}`)],
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  });
}
