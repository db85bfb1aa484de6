import { hostname, userInfo } from 'node:os';

/** @example userName() // 'anna@build-1' */
export function userName(): string {
  return `${accountName()}@${hostname()}`;
}

/** Containers run as users without an account. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
