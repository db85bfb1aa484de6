import { pino } from 'pino';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

export type Logger = pino.Logger;

const REDACTED = ['password', 'secretKey', 'accessKey', 'apiKey', 'authorization'];

/** One JSON object a line on standard output; secrets by these names are never written. */
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

/** Sends what Temporal's SDK, workflows and activities log to the same place. */
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
