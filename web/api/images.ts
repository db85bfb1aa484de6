import type { StoredObject } from '../../api/types.js';
import { getJson, postJson, request } from './request.js';

/** Answer of `POST /predict`. */
export interface Prediction {
  readonly prediction_id: string;
  /** Null when nothing was found. */
  readonly class: string | null;
  readonly confidence: number;
  readonly all_predictions: Readonly<Record<string, number>>;
  /** Seconds of inference alone. */
  readonly prediction_time: number;
}

/** A line of the history. */
export interface LoggedPrediction {
  readonly prediction_id: string;
  readonly predicted_class: string | null;
  readonly confidence: number;
  readonly prediction_time: number;
  readonly model: { readonly name: string; readonly version: number };
  /** ISO 8601. */
  readonly time: string;
  /** What a detector found; left out for a classifier. */
  readonly objects?: readonly StoredObject[];
  /** What people said, the oldest first. */
  readonly feedback: readonly Correction[];
}

/** What a person says in place of a prediction: its class, or all objects that there are. */
export interface Correction {
  readonly class?: string;
  readonly objects?: readonly Pick<StoredObject, 'class' | 'box'>[];
}

export interface PredictionPage {
  readonly predictions: readonly LoggedPrediction[];
  readonly next: string | null;
}

export type ProcessMode = 'crop' | 'blur' | 'both';

function formOf(file: File, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file.name);
  return form;
}

async function post<Answer>(path: string, body: FormData): Promise<Answer> {
  const response = await request(path, { method: 'POST', body });
  return (await response.json()) as Answer; // checked by the API's response schema
}

export const predict = (file: File) => post<Prediction>('/predict', formOf(file));

/** Pictures as base64 PNGs; of both, the crop comes first. */
export const processPicture = (file: File, mode: ProcessMode) =>
  post<{ readonly result: readonly string[] }>('/process', formOf(file, { mode }));

export const listPredictions = (signal?: AbortSignal) =>
  getJson<PredictionPage>('/predictions?limit=12', signal);

/** Keeps what a person says about a picture, beside what was predicted. */
export const correct = (predictionId: string, correction: Correction) =>
  postJson<unknown>('/feedback', { prediction_id: predictionId, ...correction });
