/** Advice whose wording differs between the interfaces. */
export type Advice =
  | ('bring-video' | 'list-jobs' | 'list-batches' | 'get-model' | 'check-servers')
  | ('list-streams' | 'change-stream' | 'list-image-batches' | 'list-rescorings');

/** Reader of an error: on the command line, of an HTTP response, or of the failure of a job. */
export type Audience = 'cli' | 'api' | 'job';

/** Wording of each advice; an audience without one gets the message alone. */
const WORDINGS: Readonly<Record<Advice, Readonly<Partial<Record<Audience, string>>>>> = {
  'bring-video': {
    cli: 'A file with this name does not exist either. Give the path of a video.',
    api: 'Upload it with POST /api/v1/videos, which returns its video_id, or submit a url.',
  },
  'list-jobs': {
    cli: 'List jobs with "vidette jobs".',
    api: 'List all jobs with GET /api/v1/jobs.',
  },
  'list-batches': {
    cli: 'List batches with "vidette batches".',
    api: 'List all batches with GET /api/v1/video-batches.',
  },
  'list-image-batches': {
    cli: 'List batches of images with "vidette predictions".',
    api: 'List batches of images with GET /api/v1/batches.',
  },
  'list-rescorings': {
    cli: 'List rescorings with "vidette rescore ls".',
    api: 'List all rescorings with GET /api/v1/rescorings.',
  },
  'list-streams': {
    cli: 'List scenarios with "vidette streams ls".',
    api: 'List all scenarios with GET /api/v1/streams.',
  },
  'change-stream': {
    cli: 'Change it with "vidette streams configure", or stop it first with "vidette streams stop".',
    api: 'Change it with PATCH, or stop it first with POST .../stop.',
  },
  'check-servers': {
    cli: 'Check "vidette status", or start everything with "vidette up".',
    api: 'Try again soon.',
  },
  'get-model': {
    cli: 'Run "vidette models pull" to download the default model, or "vidette models add FILE" to add your own.',
    api: 'GET /model_info returns the default model; the operator of Vidette adds others with "vidette models".',
    job: '"vidette models pull" and "vidette models add FILE" add one.',
  },
};

/** Returns the message of an error with its advice in the words for an audience. */
export function withAdvice(
  { message, advice }: { readonly message: string; readonly advice: Advice | undefined },
  audience: Audience,
): string {
  const wording = advice && WORDINGS[advice][audience];
  return wording === undefined ? message : `${message} ${wording}`;
}
