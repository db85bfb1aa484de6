import type { CommandEntry } from '../command.js';

const JOB = ['<id>', 'event_id of the job'] as const;

/** All commands, in the order of `vidette --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    description: 'start everything, run a video or the sample, and show where the results are',
    arguments: [['[video]', 'a file, a URL or a video_id (default: a sample)']],
    load: async () => (await import('./start.js')).defineStart,
  },
  {
    name: 'up',
    description: 'start servers and workers in the background, or those that are not running',
    load: async () => (await import('./stack-commands.js')).defineUp,
  },
  {
    name: 'down',
    description: 'stop servers and workers and keep the data',
    load: async () => (await import('./stack-commands.js')).defineDown,
  },
  {
    name: 'status',
    description: 'show servers and workers with their addresses and start times',
    load: async () => (await import('./stack-commands.js')).defineStatus,
  },
  {
    name: 'logs',
    description: 'show the logs of servers and workers of the local stack',
    arguments: [['[service]', 'its name in "vidette status", or "supervisor" (default: all)']],
    load: async () => (await import('./logs.js')).defineLogs,
  },
  {
    name: 'backup',
    description: 'copy the data of the local stack to a folder, while the stack is stopped',
    arguments: [['<folder>', 'folder of the backup, which must not exist or be empty']],
    load: async () => (await import('./backup.js')).defineBackup,
  },
  {
    name: 'restore',
    description: 'restore a backup into an empty data folder',
    arguments: [['<folder>', 'folder that "vidette backup" created']],
    load: async () => (await import('./backup.js')).defineRestore,
  },
  {
    name: 'open',
    description: 'open the page of the local stack, or of a job, in a browser',
    arguments: [['[id]', 'event_id of a job (default: the list of jobs)']],
    load: async () => (await import('./open.js')).defineOpen,
  },
  {
    name: 'detect',
    description: 'detect objects in videos and wait for the results',
    arguments: [
      [
        '[videos...]',
        'files, folders, glob patterns, lists (.txt), URLs or video_ids; "-" reads a list from standard input',
      ],
    ],
    load: async () => (await import('./detect.js')).defineDetect,
  },
  {
    name: 'predict',
    description: 'predict on the images of a folder, a zip or a bucket, and write one table',
    arguments: [
      [
        '<source>',
        'a folder, a .zip, or s3://BUCKET/PREFIX, s3://BUCKET/X.zip, s3://BUCKET/LIST.txt',
      ],
    ],
    load: async () => (await import('./predict.js')).definePredict,
  },
  {
    name: 'predictions',
    description: 'list batches of images, or show one, write its table, cancel or delete it',
    arguments: [['[id]', 'batch_id of a batch of images']],
    load: async () => (await import('./predict.js')).definePredictions,
  },
  {
    name: 'jobs',
    description: 'list jobs, newest first',
    load: async () => (await import('./jobs.js')).defineJobs,
  },
  {
    name: 'find',
    description: 'find where a class was detected, over all videos and cameras, newest first',
    arguments: [['[text...]', 'what to find, such as "dog over 0.5 this week"']],
    load: async () => (await import('./find.js')).defineFind,
  },
  {
    name: 'alerts',
    description: 'list the alerts that were sent or suppressed, newest first, or send a test',
    load: async () => (await import('./alerts.js')).defineAlerts,
  },
  {
    name: 'index',
    description: 'make the jobs of earlier releases searchable',
    load: async () => (await import('./find.js')).defineIndex,
  },
  {
    name: 'batches',
    description: 'list batches, which are the jobs of several videos, newest first',
    load: async () => (await import('./batches.js')).defineBatches,
  },
  {
    name: 'batch',
    description: 'show a batch, run its failed jobs again, cancel it, or export its objects',
    arguments: [['<id>', 'batch_id of the batch']],
    load: async () => (await import('./batches.js')).defineBatch,
  },
  {
    name: 'job',
    description: 'show a job with its options and counts',
    arguments: [JOB],
    load: async () => (await import('./jobs.js')).defineJob,
  },
  {
    name: 'cancel',
    description: 'cancel a job and keep its detections',
    arguments: [JOB],
    load: async () => (await import('./jobs.js')).defineCancel,
  },
  {
    name: 'derive',
    description: 'filter the detections of a finished job, without detecting again',
    arguments: [JOB],
    load: async () => (await import('./derive.js')).defineDerive,
  },
  {
    name: 'rerun',
    description: 'run a job again as a new job, with changed options',
    arguments: [['<id>', 'event_id of the original job']],
    load: async () => (await import('./rerun.js')).defineRerun,
  },
  {
    name: 'rm',
    description: 'delete jobs with everything that they stored, or videos or kept images',
    arguments: [
      ['<ids...>', 'event_ids of jobs; with --video, video_ids; with --image, SHA-256 of images'],
    ],
    load: async () => (await import('./remove.js')).defineRemove,
  },
  {
    name: 'prune',
    description: 'delete old jobs, or only their frames',
    load: async () => (await import('./remove.js')).definePrune,
  },
  {
    name: 'export',
    description: 'export the result of a job in another format',
    arguments: [JOB],
    load: async () => (await import('./export.js')).defineExport,
  },
  {
    name: 'clip',
    description:
      'write an MP4 of a span of the video of a job, or of a track, with or without boxes',
    arguments: [JOB],
    load: async () => (await import('./clip.js')).defineClip,
  },
  {
    name: 'feedback',
    description: 'correct the objects of a frame of a job, or list such feedback',
    arguments: [JOB, ['[frame]', 'index of the frame in the source (default: list the feedback)']],
    load: async () => (await import('./feedback.js')).defineFeedback,
  },
  {
    name: 'review',
    description: 'confirm or correct predictions of images that await a person',
    load: async () => (await import('./review.js')).defineReview,
  },
  {
    name: 'diff',
    description: 'compare the results of two jobs of one video, such as of two models',
    arguments: [
      ['<a>', 'event_id of a job'],
      ['<b>', 'event_id of the job to compare it with'],
    ],
    load: async () => (await import('./diff.js')).defineDiff,
  },
  {
    name: 'zones',
    description: 'count what enters and leaves zones and crosses lines, in a job with tracks',
    arguments: [
      JOB,
      ['[file]', 'JSON file of zones and lines (default: those of the video that --name names)'],
    ],
    load: async () => (await import('./zones.js')).defineZones,
  },
  {
    name: 'zone-sets',
    description: 'manage the zones and lines of videos, which apply to all jobs of a video',
    load: async () => (await import('./zone-sets.js')).defineZoneSets,
  },
  {
    name: 'schedule',
    description: 'manage schedules, which run a video repeatedly as new jobs',
    load: async () => (await import('./schedule.js')).defineSchedule,
  },
  {
    name: 'streams',
    description: 'detect objects in cameras: start, follow, pause and account for scenarios',
    load: async () => (await import('./streams.js')).defineStreams,
  },
  {
    name: 'cameras',
    description: 'manage cameras, whose URLs are stored sealed',
    load: async () => (await import('./cameras.js')).defineCameras,
  },
  {
    name: 'models',
    description: 'manage models',
    load: async () => (await import('./models.js')).defineModels,
  },
  {
    name: 'rescore',
    description: 'run another model over past predictions, and report what would have changed',
    arguments: [['<model>', 'model that runs, as name or name@version']],
    load: async () => (await import('./rescore.js')).defineRescore,
  },
  {
    name: 'retrain',
    description: 'train a model further on a data set, and decide about the result',
    arguments: [['<model>', 'name of the model']],
    load: async () => (await import('./retrain.js')).defineRetrain,
  },
  {
    name: 'experiments',
    description: 'compare two versions of a model on the predictions of images',
    load: async () => (await import('./experiments.js')).defineExperiments,
  },
  {
    name: 'datasets',
    description: 'build data sets from feedback, and export them for training',
    load: async () => (await import('./datasets.js')).defineDatasets,
  },
  {
    name: 'keys',
    description: 'manage keys of the HTTP API',
    load: async () => (await import('./keys.js')).defineKeys,
  },
  {
    name: 'init',
    description: 'prepare a cluster: namespace, search attributes, buckets, indexes and model',
    load: async () => (await import('./init.js')).defineInit,
  },
  {
    name: 'doctor',
    description: 'check that this machine has everything Vidette needs',
    load: async () => (await import('./doctor.js')).defineDoctor,
  },
  {
    name: 'completion',
    description: 'print a script that completes commands and options in a shell',
    arguments: [['<shell>', 'bash, zsh or fish']],
    load: async () => (await import('./completion.js')).defineCompletion,
  },
];
