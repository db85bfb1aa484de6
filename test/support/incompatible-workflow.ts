import { proxyActivities } from '@temporalio/workflow';

const { probeVideo } = proxyActivities<{ probeVideo: (input: object) => Promise<void> }>({
  taskQueue: 'video',
  startToCloseTimeout: '1h',
});

/** Workflow with the name of the job workflow and its activities in another order. */
export async function VideoDetection(request: object): Promise<void> {
  await probeVideo(request);
}
