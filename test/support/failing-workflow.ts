/** Workflow with the name of the job workflow whose every workflow task fails. */
export function VideoDetection(): Promise<void> {
  throw new Error('this version cannot replay the job');
}
