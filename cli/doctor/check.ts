/** Outcome of one check: fine, worth knowing, or missing although it is required. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'missing';
  readonly message: string;
}
