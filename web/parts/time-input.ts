import { element } from '../dom.js';

/** Field of a local time. @param iso value at first, ISO 8601 */
export function timeInput(iso?: string): HTMLInputElement {
  const input = element('input', { class: 'form-control', type: 'datetime-local' });
  if (iso !== undefined) input.value = toLocalTime(iso);
  return input;
}

/** Reads a field of a local time as ISO 8601; null if it is empty. */
export function readTime({ value }: HTMLInputElement): string | null {
  return value === '' ? null : new Date(value).toISOString();
}

/** Formats an ISO 8601 time for a field of local time. @example '2026-05-04T11:30' */
function toLocalTime(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length);
}
