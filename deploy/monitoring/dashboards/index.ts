import { images } from './images.js';
import { jobs } from './jobs.js';

/** The dashboards by the names of their files in `deploy/monitoring/grafana/dashboards/`. */
export const dashboards = { 'images.json': images, 'jobs.json': jobs } as const;
