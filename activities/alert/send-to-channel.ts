import type { DeliverAlertInput } from '../../domain/alert/alert-contracts.js';
import { alertMessage, alertText, alertTitle } from '../../domain/alert/alert-message.js';
import type { AlertChannel } from '../../domain/alert/alert-rule.js';
import { AppError } from '../../domain/errors.js';
import { webhookHeaders } from '../../domain/job/webhook.js';
import type { Mailer } from '../../domain/ports/mailer.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Post } from '../../domain/ports/post.js';

/** Servers and secrets of the channels. */
export interface ChannelDeps {
  readonly objects: Pick<ObjectStore, 'find'>;
  /** Posts to URLs of users. */
  readonly post: Post;
  /** `whsec_` and a key in base64; undefined if this worker sends no webhooks. */
  readonly webhookSecret: string | undefined;
  readonly ntfy: {
    /** URL of the server, without a slash at its end. */
    readonly url: string;
    readonly token: string | undefined;
    /** Posts to this server, which the operator of the installation chose. */
    readonly post: Post;
  };
  /** Undefined if this worker sends no e-mails. */
  readonly mailer: Mailer | undefined;
}

type ChannelOf<Kind extends AlertChannel['kind']> = Extract<AlertChannel, { kind: Kind }>;

/**
 * Sends an alert to a channel.
 * @throws AppError with the fact `sent` if the receiver may have got it; `INVALID_INPUT` if this worker
 * cannot send to such a channel.
 */
export async function sendToChannel(
  deps: ChannelDeps,
  input: DeliverAlertInput,
  signal: AbortSignal,
): Promise<void> {
  const { channel } = input;
  if (channel.kind === 'webhook') return sendWebhook(deps, channel, input, signal);
  if (channel.kind === 'ntfy') return publish(deps, channel, input, signal);
  return sendMail(deps, channel, input);
}

async function sendWebhook(
  { post, webhookSecret }: ChannelDeps,
  { url }: ChannelOf<'webhook'>,
  { alert }: DeliverAlertInput,
  signal: AbortSignal,
): Promise<void> {
  if (webhookSecret === undefined) throw missingSetting('VIDETTE_WEBHOOK_SECRET');
  const body = JSON.stringify(alertMessage(alert));
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    ...webhookHeaders(webhookSecret, { id: alert.alert_id, timestamp, body }),
  };
  expectAccepted(await post(url, { body, headers, signal }));
}

/** Publishes as https://docs.ntfy.sh/publish/ describes: the frame is the body, if there is one. */
async function publish(
  deps: ChannelDeps,
  { topic }: ChannelOf<'ntfy'>,
  { alert }: DeliverAlertInput,
  signal: AbortSignal,
): Promise<void> {
  const { url, token, post } = deps.ntfy;
  const headers = {
    title: alertTitle(alert),
    tags: 'rotating_light',
    ...(alert.link !== null && { click: alert.link }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const text = alertText(alert);
  const jpeg = await readSnapshot(deps, alert);
  const target = `${url}/${topic}`;
  if (jpeg) {
    const attached = { ...headers, filename: 'frame.jpg', message: encodeHeader(text) };
    const status = await post(target, { body: jpeg, headers: attached, signal });
    // A server without attachments, or with a lower limit, gets the text alone.
    if (![400, 413].includes(status)) return expectAccepted(status);
  }
  expectAccepted(await post(target, { body: text, headers, signal }));
}

async function sendMail(
  deps: ChannelDeps,
  { to }: ChannelOf<'email'>,
  { alert, index }: DeliverAlertInput,
): Promise<void> {
  if (!deps.mailer) throw missingSetting('VIDETTE_SMTP_URL and VIDETTE_MAIL_FROM');
  const jpeg = await readSnapshot(deps, alert);
  const [subject, text] = [alertTitle(alert), `${alertText(alert)}\n`];
  await deps.mailer({ to, subject, text, jpeg, id: `${alert.alert_id}.${index}` });
}

/** Returns the JPEG of an alert; undefined if it has none, or it was deleted. */
async function readSnapshot(
  { objects }: ChannelDeps,
  { snapshot }: DeliverAlertInput['alert'],
): Promise<Buffer | undefined> {
  return snapshot ? objects.find(snapshot.bucket, snapshot.key) : undefined;
}

/** Encodes a text for a header by RFC 2047: headers are ASCII in one line. */
function encodeHeader(text: string): string {
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** @throws AppError if a receiver refused an alert. */
function expectAccepted(status: number): void {
  if (status >= 200 && status <= 299) return;
  const message = `The receiver of the alert replied with status ${status}.`;
  throw new AppError('ALERT_FAILED', message, { sent: false, status });
}

function missingSetting(name: string): AppError {
  const advice = `Set it for the video workers.`;
  return new AppError('INVALID_INPUT', `This worker lacks ${name}. ${advice}`);
}
