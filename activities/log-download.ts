import { log } from '@temporalio/activity';

/** Logs the download of a source video that a step of this event waited for. */
export function logDownload(event: string): (bytes: number) => void {
  return (bytes) => {
    log.info('video downloaded to this host', { event, bytes });
  };
}
