const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Name in a `Host` header, without the port. */
export function hostNameOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '');
}

/**
 * Whether a host name always refers to this machine. Any other name may be that of a site that
 * resolves to loopback (DNS rebinding), so that browsers treat its pages as ours.
 */
export function isLoopbackName(name: string): boolean {
  return LOOPBACK_NAME.test(name);
}
