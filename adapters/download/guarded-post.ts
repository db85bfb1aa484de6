import { AppError, messageOf } from '../../domain/errors.js';
import type { Post } from '../../domain/ports/post.js';
import { checkedUrl } from './checked-url.js';
import { type GuardSettings, openGuarded, refusalOf } from './guarded-request.js';

/**
 * Implements {@link Post}. @throws AppError `URL_FORBIDDEN`, or `WEBHOOK_FAILED` if the receiver does
 * not answer, whose fact `sent` is whether it may have the message. Errors name the origin only, because
 * the path of a webhook is often its secret.
 */
export function createGuardedPost(settings: GuardSettings): Post {
  return async (text, { body, headers, signal }) => {
    const url = checkedUrl(text, settings.schemes);
    const sent = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
    try {
      return await new Promise<number>((resolve, reject) => {
        const options = { method: 'POST', headers: sent, signal };
        openGuarded(url, settings, options)
          .on('response', (response) => {
            resolve(response.statusCode ?? 0);
            response.destroy(); // the body is not read
          })
          .on('error', reject)
          .end(body);
      });
    } catch (error) {
      throw refusalOf(new URL(url.origin), error) ?? unanswered(url, error);
    }
  };
}

function unanswered(url: URL, error: unknown): AppError {
  const message = `${url.origin} does not answer (${messageOf(error)}).`;
  return new AppError('WEBHOOK_FAILED', message, { sent: !isUnreachable(error) });
}

/** Codes of a connection that was not made. */
const UNREACHABLE = new Set([
  ...['EAI_AGAIN', 'ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isUnreachable);
  return error instanceof Error && 'code' in error && UNREACHABLE.has(String(error.code));
}
