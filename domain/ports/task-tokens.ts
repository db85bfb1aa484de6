/** Tokens of the activities of this process, on disk: another process fails them if it crashes. */
export interface TaskTokens {
  /** Keeps a token under a name while `work` runs. */
  during<T>(name: string, token: string, work: () => Promise<T>): Promise<T>;
}
