import { log } from '@temporalio/activity';

/** Returns a callback that logs the download of an event's video to this host. */
export function logDownload(event: string): (bytes: number) => void {
  return (bytes) => {
    log.info('video downloaded to this host', { event, bytes });
  };
}
