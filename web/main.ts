import 'bootstrap/dist/css/bootstrap.min.css';
import './styles/index.css';
import { drawHeader } from './header.js';
import { imagePage } from './image/image-page.js';
import { jobPage } from './job/job-page.js';
import { jobsPage } from './jobs/jobs-page.js';
import { createKeyDialog } from './parts/key-dialog.js';
import { startRouter, type Route } from './router.js';
import { systemPage } from './system/system-page.js';
import { followTheme } from './theme.js';

const ROUTES: readonly Route[] = [
  { path: 'jobs', title: 'Jobs', page: jobsPage },
  { path: 'job', title: 'Job', page: jobPage },
  { path: 'image', title: 'Image', page: imagePage },
  { path: 'system', title: 'System', page: systemPage },
];

function start(): void {
  const header = document.querySelector<HTMLElement>('#header');
  const main = document.querySelector<HTMLElement>('#main');
  if (!header || !main) throw new Error('index.html has no header and main');
  followTheme();
  createKeyDialog();
  startRouter(main, ROUTES, drawHeader(header));
}

start();
