import { proxyActivities } from '@temporalio/workflow';

const { probeVideo } = proxyActivities<{ probeVideo: (input: object) => Promise<void> }>({
  taskQueue: 'video',
  startToCloseTimeout: '1h',
});

/** A workflow of the name that jobs run under, with its steps in another order. */
export async function VideoDetection(request: object): Promise<void> {
  await probeVideo(request);
}
