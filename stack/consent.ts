import type { Config } from '../config/index.js';

/** An action that changes the user's system or binds the user to a licence. */
export interface ConsentRequest {
  readonly kind: 'install' | 'agpl';
  /** Question with all that will be done. */
  readonly question: string;
}

/** Resolves with whether the user allows an action. */
export type Confirm = (request: ConsentRequest) => Promise<boolean>;

/** Allows an action if `VIDETTE_ALLOW_INSTALL` or `VIDETTE_ACCEPT_AGPL` permits it, without a question. */
export function consentOf({ consent }: Pick<Config, 'consent'>): Confirm {
  return ({ kind }) => Promise.resolve(consent[kind]);
}
