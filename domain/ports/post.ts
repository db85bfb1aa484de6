/** A message to an address that a user gave. */
export interface PostedMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Posts to an address of the outside, guarded against the network behind this host, and resolves with
 * the status of the answer; redirects are not followed.
 */
export type Post = (url: string, message: PostedMessage) => Promise<number>;
