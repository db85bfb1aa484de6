import { createTransport } from 'nodemailer';
import { AppError, messageOf } from '../../domain/errors.js';
import type { Mail, Mailer } from '../../domain/ports/mailer.js';

export interface SmtpSettings {
  /** smtp or smtps URL, with the credentials of the server. */
  readonly url: string;
  /** Address of the sender. */
  readonly from: string;
}

/** Limit of each step of a connection, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** Codes of failures before the content of a mail is sent. */
const REFUSED = new Set(['EAUTH', 'EDNS', 'EENVELOPE', 'EMESSAGE', 'ETLS']);
/** Messages of a connection that was not made. */
const NOT_CONNECTED = /^connect |^getaddrinfo |Connection timeout|Greeting never received/;

/** Sends e-mails through an SMTP server, one connection each. */
export function createSmtpMailer({ url, from }: SmtpSettings): Mailer {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS };
  const domain = from.slice(from.indexOf('@') + 1);
  return async ({ to, subject, text, id, jpeg }: Mail) => {
    const transport = createTransport({ url, ...timeouts, socketTimeout: TIMEOUT_MS });
    const attachments = jpeg ? [{ filename: 'frame.jpg', content: jpeg }] : [];
    try {
      // Text only: content that is read from a path or URL is never attached.
      const guards = { disableFileAccess: true, disableUrlAccess: true };
      const messageId = `<${id}@${domain}>`;
      await transport.sendMail({ from, to, subject, text, attachments, messageId, ...guards });
    } catch (error) {
      const message = `The mail server did not accept the mail (${withoutSecrets(url, error)}).`;
      throw new AppError('ALERT_FAILED', message, { sent: !isRefused(error) });
    } finally {
      transport.close();
    }
  };
}

/** Whether a failed mail was certainly not accepted. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return responseCode !== undefined || REFUSED.has(code ?? '') || NOT_CONNECTED.test(error.message);
}

/** A server may repeat what it was sent. */
function withoutSecrets(url: string, error: unknown): string {
  const { username, password } = new URL(url);
  return [username, password]
    .filter((secret) => secret !== '')
    .flatMap((secret) => [decodeURIComponent(secret), secret])
    .reduce((text, secret) => text.replaceAll(secret, '***'), messageOf(error));
}
