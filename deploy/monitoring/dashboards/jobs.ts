import { average, dashboard, graph, quantiles, rate, values } from './panels.js';

const ACTIVITY_SLOTS = 'worker_type="ActivityWorker"';
const [USED, AVAILABLE] = ['used', 'available'].map(
  (state) => `sum by (task_queue) (temporal_worker_task_slots_${state}{${ACTIVITY_SLOTS}})`,
);

/** Jobs, their queues, lanes, cameras and servers. */
export const jobs = dashboard('vidette-jobs', 'Vidette: jobs, cameras and servers', [
  {
    title: 'Jobs',
    panels: [
      graph('Jobs that ended, per hour', 'short', [
        `3600 * sum by (status) (${rate('vidette_jobs_total')})`,
        '{{status}}',
      ]),
      graph('Length of jobs', 's', ...quantiles('vidette_job_seconds')),
      graph('Frames per second', 'short', [
        `sum by (outcome, device) (${rate('vidette_frames_total')})`,
        '{{outcome}} {{device}}',
      ]),
      graph('Skipped frames', 'percentunit', [
        `sum by (model) (${rate('vidette_frames_total{outcome="skipped"}')}) / sum by (model) (${rate('vidette_frames_total')})`,
        '{{model}}',
      ]),
      graph('Ranges per minute', 'short', [
        `60 * sum by (outcome) (${rate('vidette_ranges_total')})`,
        '{{outcome}}',
      ]),
      graph('Runs of ffmpeg per minute', 'short', [
        `60 * sum by (outcome) (${rate('vidette_ffmpeg_runs_total')})`,
        '{{outcome}}',
      ]),
    ],
  },
  {
    title: 'Queues',
    panels: [
      graph('Waiting activities', 'short', [
        'max by (task_queue) (vidette_queue_backlog)',
        '{{task_queue}}',
      ]),
      graph('Age of the oldest waiting activity', 's', [
        'max by (task_queue) (vidette_queue_oldest_seconds)',
        '{{task_queue}}',
      ]),
      values('Workers that poll', 'short', [
        'max by (task_queue) (vidette_queue_workers)',
        '{{task_queue}}',
      ]),
      graph('Slots in use', 'percentunit', [
        `${USED} / (${USED} + ${AVAILABLE})`,
        '{{task_queue}}',
      ]),
      graph(
        'Average time of activities',
        's',
        average('temporal_activity_execution_latency_seconds', 'activity_type'),
      ),
      graph(
        'Average wait of activities',
        's',
        average('temporal_activity_schedule_to_start_latency_seconds', 'task_queue'),
      ),
    ],
  },
  {
    title: 'Lanes',
    panels: [
      values('Lanes with their model', 'short', [
        'sum by (instance) (vidette_lanes)',
        '{{instance}}',
      ]),
      graph(
        'Time of an inference',
        's',
        ...quantiles('vidette_inference_seconds', ['model', 'device']),
      ),
      graph('Memory of lanes', 'bytes', [
        'sum by (instance) (vidette_lane_resident_bytes)',
        '{{instance}}',
      ]),
      graph('Lanes replaced in 10 minutes', 'short', [
        'sum by (reason) (increase(vidette_lane_restarts_total[10m]))',
        '{{reason}}',
      ]),
    ],
  },
  {
    title: 'Cameras',
    panels: [
      values('Cameras with a slot', 'short', [
        'sum(vidette_stream_slots_used) or vector(0)',
        'cameras',
      ]),
      graph('Frames per second', 'short', [
        `sum by (outcome) (${rate('vidette_stream_frames_total')})`,
        '{{outcome}}',
      ]),
      graph('Seconds without rows, per minute', 's', [
        `60 * sum by (reason) (${rate('vidette_stream_gap_seconds_total')})`,
        '{{reason}}',
      ]),
      graph('Changes of state per minute', 'short', [
        `60 * sum by (state) (${rate('vidette_stream_states_total')})`,
        '{{state}}',
      ]),
    ],
  },
  {
    title: 'Servers and processes',
    panels: [
      values('Servers reply', 'bool_yes_no', ['min by (server) (vidette_server_up)', '{{server}}']),
      values('Processes take work', 'bool_yes_no', [
        'min by (process) (vidette_ready)',
        '{{process}}',
      ]),
      values('Versions', 'short', [
        'count by (process, version) (vidette_build_info)',
        '{{process}} {{version}}',
      ]),
      graph(
        'Scratch files',
        'bytes',
        ['max by (kind) (vidette_scratch_bytes)', '{{kind}}'],
        ['max by (kind) (vidette_scratch_limit_bytes)', 'limit of {{kind}}'],
      ),
      graph('Free disk', 'percentunit', [
        'min by (instance) (vidette_scratch_disk_free_ratio)',
        '{{instance}}',
      ]),
      graph('Memory of processes', 'bytes', [
        'sum by (job, instance) (process_resident_memory_bytes)',
        '{{instance}}',
      ]),
    ],
  },
]);
