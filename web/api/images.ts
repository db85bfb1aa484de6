import type { StoredObject } from '../../api/types.js';
import { getJson, postJson, request } from './request.js';

/** Response of `POST /predict`. */
export interface Prediction {
  readonly prediction_id: string;
  /** Null when nothing was found. */
  readonly class: string | null;
  readonly confidence: number;
  readonly all_predictions: Readonly<Record<string, number>>;
  /** Seconds of inference alone. */
  readonly prediction_time: number;
}

/** Entry of the prediction history. */
export interface LoggedPrediction {
  readonly prediction_id: string;
  readonly predicted_class: string | null;
  readonly confidence: number;
  readonly prediction_time: number;
  readonly model: { readonly name: string; readonly version: number };
  /** ISO 8601. */
  readonly time: string;
  /** Objects found by a detector; missing for a classifier. */
  readonly objects?: readonly StoredObject[];
  /** Kept image; missing if it was not kept. */
  readonly picture?: { readonly sha256: string };
  /** Corrections by users, oldest first. */
  readonly feedback: readonly Correction[];
}

/** Correction of a prediction: its class, or the complete list of objects. */
interface Correction {
  /** Name of the API key that sent it; missing without keys. */
  readonly by?: string;
  readonly class?: string;
  readonly objects?: readonly Pick<StoredObject, 'class' | 'box'>[];
}

export interface PredictionPage {
  readonly predictions: readonly LoggedPrediction[];
  readonly next: string | null;
}

export type ProcessMode = 'crop' | 'blur' | 'both';

function toForm(file: File, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file.name);
  return form;
}

async function post<Answer>(path: string, body: FormData): Promise<Answer> {
  const response = await request(path, { method: 'POST', body });
  return (await response.json()) as Answer; // checked by the API's response schema
}

export const predict = (file: File) => post<Prediction>('/predict', toForm(file));

/** Returns base64 PNGs; mode `both` returns the crop first. */
export const processImage = (file: File, mode: ProcessMode) =>
  post<{ readonly result: readonly string[] }>('/process', toForm(file, { mode }));

export const listPredictions = (signal?: AbortSignal) =>
  getJson<PredictionPage>('/predictions?limit=12', signal);

/** Stores a correction beside the prediction. */
export const correct = (predictionId: string, correction: Correction) =>
  postJson<unknown>('/feedback', { prediction_id: predictionId, ...correction });
