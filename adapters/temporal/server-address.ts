import type { TLSConfig } from '@temporalio/client';

/** Address and credentials of a Temporal server. */
export interface ServerAddress {
  /** Host and port. */
  readonly address: string;
  readonly apiKey: string | undefined;
  readonly tls: TLSConfig | boolean;
}
