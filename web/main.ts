import 'bootstrap/dist/css/bootstrap.min.css';
import './styles/index.css';
import { alertsPage } from './alerts/alerts-page.js';
import { datasetPage } from './datasets/dataset-page.js';
import { datasetsPage } from './datasets/datasets-page.js';
import { diffPage } from './diff/diff-page.js';
import { explorePage } from './explore/explore-page.js';
import { experimentPage } from './experiments/experiment-page.js';
import { experimentsPage } from './experiments/experiments-page.js';
import { drawHeader } from './header.js';
import { imageBatchPage } from './image-batches/image-batch-page.js';
import { imagePage } from './image/image-page.js';
import { jobPage } from './job/job-page.js';
import { jobsPage } from './jobs/jobs-page.js';
import { modelPage } from './models/model-page.js';
import { modelsPage } from './models/models-page.js';
import { createKeyDialog } from './parts/key-dialog.js';
import { rescoringPage } from './rescorings/rescoring-page.js';
import { rescoringsPage } from './rescorings/rescorings-page.js';
import { reviewPage } from './review/review-page.js';
import { startRouter, type Route } from './router.js';
import { addCameraPage } from './streams/add-camera-page.js';
import { cameraPage } from './streams/camera-page.js';
import { camerasPage } from './streams/cameras-page.js';
import { systemPage } from './system/system-page.js';
import { followTheme } from './theme.js';

const ROUTES: readonly Route[] = [
  { path: 'jobs', title: 'Jobs', page: jobsPage },
  { path: 'job', title: 'Job', page: jobPage },
  { path: 'explore', title: 'Explore', page: explorePage },
  { path: 'diff', title: 'Comparison', page: diffPage },
  { path: 'cameras', title: 'Cameras', page: camerasPage },
  { path: 'camera', title: 'Camera', page: cameraPage },
  { path: 'add-camera', title: 'Add a camera', page: addCameraPage },
  { path: 'alerts', title: 'Alerts', page: alertsPage },
  { path: 'image-batch', title: 'Batch of images', page: imageBatchPage },
  { path: 'image', title: 'Image', page: imagePage },
  { path: 'review', title: 'Review', page: reviewPage },
  { path: 'experiments', title: 'Experiments', page: experimentsPage },
  { path: 'experiment', title: 'Experiment', page: experimentPage },
  { path: 'models', title: 'Models', page: modelsPage },
  { path: 'model', title: 'Model', page: modelPage },
  { path: 'rescorings', title: 'Rescorings', page: rescoringsPage },
  { path: 'rescoring', title: 'Rescoring', page: rescoringPage },
  { path: 'datasets', title: 'Data sets', page: datasetsPage },
  { path: 'dataset', title: 'Data set', page: datasetPage },
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
