/** Credentials of the object store. */
export const STORE_SECRETS = ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY', 'MINIO_SESSION_TOKEN'];

/** Variables that contain credentials, or the path of a file with some. */
export const SECRET_VARIABLES = [
  ...STORE_SECRETS,
  'MONGO_URI',
  ...['TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
  ...['VIDETTE_PAYLOAD_KEYS', 'VIDETTE_PAYLOAD_KEYS_FILE', 'VIDETTE_WEBHOOK_SECRET'],
  ...['VIDETTE_NTFY_TOKEN', 'VIDETTE_SMTP_URL'],
  ...['VIDETTE_CAMERA_KEY', 'VIDETTE_API_KEYS'],
  ...['MLFLOW_URI', 'MLFLOW_TRACKING_URI'],
  ...['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD', 'MLFLOW_TRACKING_TOKEN'],
  ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'],
];

/**
 * Returns the environment for a child process that runs native code on files from outside: without
 * credentials, except the variables that it needs.
 */
export function environmentWithoutSecrets(
  needed: readonly string[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const isRemoved = (name: string) => SECRET_VARIABLES.includes(name) && !needed.includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isRemoved(name)));
}
