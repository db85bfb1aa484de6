/** A message to a user's URL. */
export interface PostedMessage {
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Posts to a public URL, guarded against access to private networks. Resolves with the status of the
 * response; redirects are not followed.
 */
export type Post = (url: string, message: PostedMessage) => Promise<number>;
