/** E-mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Id within this installation, which is the same for each attempt. */
  readonly id: string;
  readonly jpeg?: Buffer | undefined;
}

/**
 * Sends e-mails.
 * @throws AppError `ALERT_FAILED`, whose fact `sent` is whether the mail may have arrived.
 */
export type Mailer = (mail: Mail) => Promise<void>;
