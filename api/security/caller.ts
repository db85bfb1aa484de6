import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/** Identifies who sent a request: the key, or the IP address without one. */
export function callerOf({ caller, ip }: Pick<FastifyRequest, 'caller' | 'ip'>): string {
  return caller ? `key ${caller.key_id}` : `address ${normalizeIP(ip)}`;
}

/** Name and id of the caller's key, or its IP address without one. */
export function userOf(request: Pick<FastifyRequest, 'caller' | 'ip'>): string {
  const user = callerOf(request);
  return request.caller ? `${request.caller.name} (${user})` : user;
}
