import type {
  Experiment as Stored,
  ExperimentDecision,
} from '../../domain/experiment/experiment.js';
import type { ExperimentReport } from '../../domain/experiment/report.js';
import { getJson, postJson } from './request.js';

/** Experiment as the API returns it; times are ISO 8601. */
export interface Experiment extends Omit<Stored, 'started_at' | 'ended_at' | 'decision'> {
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly decision: (Omit<ExperimentDecision, 'at'> & { readonly at: string }) | null;
}

/** Experiment with its evidence. */
export interface ExperimentDetails extends Experiment {
  readonly report: ExperimentReport;
}

interface ExperimentPage {
  readonly experiments: readonly Experiment[];
  readonly next: string | null;
}

/** Options of a new experiment. */
export interface ExperimentOptions {
  readonly model: string;
  readonly challenger: number;
  readonly mode: Experiment['mode'];
  readonly share: number;
}

const PATH = '/api/v1/experiments';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** Reads the newest experiments. */
export const listExperiments = (signal: AbortSignal) =>
  getJson<ExperimentPage>(`${PATH}?limit=50`, signal);

export const getExperiment = (id: string, signal: AbortSignal) =>
  getJson<ExperimentDetails>(pathOf(id), signal);

export const startExperiment = (options: ExperimentOptions) => postJson<Experiment>(PATH, options);

export const stopExperiment = (id: string) => postJson<ExperimentDetails>(`${pathOf(id)}/stop`, {});

export const decideExperiment = (
  id: string,
  choice: { readonly promote: boolean; readonly reason: string },
) => postJson<ExperimentDetails>(`${pathOf(id)}/decision`, choice);
