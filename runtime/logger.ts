import { pino } from 'pino';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

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

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/** Sends the logs of Temporal's SDK, workflows and activities to `logger`. */
export function installTemporalLogger(logger: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('DEBUG', ({ level, message, meta }) => {
      logger[LEVELS[level]](meta ?? {}, message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
}
