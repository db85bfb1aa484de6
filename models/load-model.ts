import { openClassifier, type Classifier } from './classifier.js';
import { openDetector, type Detector } from './detector.js';
import { openFusedClassifier } from './ensemble/fused-classifier.js';
import { openFusedDetector } from './ensemble/fused-detector.js';
import type { ModelOptions } from './session/running-model.js';

const isEnsemble = ({ manifest }: ModelOptions) => manifest.output.family === 'ensemble';

/**
 * Loads a detector, or all members of an ensemble of detectors.
 * @throws AppError as {@link openDetector} does.
 */
export function loadDetector(options: ModelOptions): Promise<Detector> {
  return isEnsemble(options) ? openFusedDetector(options) : openDetector(options);
}

/**
 * Loads a classifier, or all members of an ensemble of classifiers.
 * @throws AppError as {@link openClassifier} does.
 */
export function loadClassifier(options: ModelOptions): Promise<Classifier> {
  return isEnsemble(options) ? openFusedClassifier(options) : openClassifier(options);
}
