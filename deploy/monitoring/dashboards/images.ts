import { average, dashboard, graph, quantiles, rate, values } from './panels.js';

const ERRORS = `(sum(${rate('prediction_errors_total')}) or vector(0))`;

/** Predictions on single images, and the HTTP API. */
export const images = dashboard('vidette-images', 'Vidette: images and HTTP API', [
  {
    title: 'Predictions',
    panels: [
      graph('Predictions per minute', 'short', [
        `60 * sum by (class) (${rate('predictions_total')})`,
        '{{class}}',
      ]),
      graph('Average confidence', 'percentunit', average('prediction_confidence', 'class')),
      graph('Latency', 's', ...quantiles('prediction_latency_seconds', ['model'])),
      graph('Error rate', 'percentunit', [
        `${ERRORS} / (${ERRORS} + sum(${rate('predictions_total')}))`,
        'errors',
      ]),
      graph('Errors per minute by kind', 'short', [
        `60 * sum by (code) (${rate('prediction_errors_total')})`,
        '{{code}}',
      ]),
      values('Model in use', 'short', [
        'sum by (name, version) (model_info)',
        '{{name}}@{{version}}',
      ]),
    ],
  },
  {
    title: 'Lanes of the API',
    panels: [
      values('Lanes with their model', 'short', ['sum(vidette_api_lanes)', 'lanes']),
      graph(
        'Images',
        'short',
        ['sum(vidette_api_pictures_at_work)', 'in lanes'],
        ['sum(vidette_api_queue)', 'waiting'],
      ),
      graph('Kept images per minute', 'short', [
        `60 * sum by (outcome) (${rate('vidette_kept_images_total')})`,
        '{{outcome}}',
      ]),
    ],
  },
  {
    title: 'HTTP',
    panels: [
      graph('Requests by status', 'reqps', [
        `sum by (status) (${rate('http_request_duration_seconds_count')})`,
        '{{status}}',
      ]),
      graph('Requests by route', 'reqps', [
        `topk(10, sum by (method, route) (${rate('http_request_duration_seconds_count')}))`,
        '{{method}} {{route}}',
      ]),
      graph('Time until the response', 's', ...quantiles('http_request_duration_seconds')),
    ],
  },
]);
