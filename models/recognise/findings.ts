import type { Size } from '../../domain/result/detection.js';
import type { ResizeKernel } from '../../domain/model/content-size.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import type { Family, OutputOf } from '../../domain/model/model-output.js';

/** Answers of the user about a model; they take precedence over what the file implies. */
export interface Answers {
  readonly labels?: readonly string[];
  readonly family?: Family;
  readonly size?: Size;
  readonly layout?: ModelInput['layout'];
  readonly channels?: ModelInput['channels'];
  readonly scale?: number;
  readonly mean?: ModelInput['mean'];
  readonly std?: ModelInput['std'];
  readonly resize?: ModelInput['resize'];
  readonly kernel?: ResizeKernel;
  readonly corners?: OutputOf<'detections'>['corners'];
  readonly coordinates?: OutputOf<'detections'>['coordinates'];
  readonly activation?: OutputOf<'classifier'>['activation'];
  readonly firstClass?: OutputOf<'detections'>['first_class'];
}

/** Something that was concluded about a model. */
export interface Conclusion {
  readonly what: string;
  readonly value: string;
  /** Reason, to complete "because ...". */
  readonly because: string;
}

/** A question whose answer is not in the file. */
export interface Question {
  readonly answer: keyof Answers;
  readonly ask: string;
  /** Possible answers, if they can be enumerated. */
  readonly choices?: readonly string[];
}

/** Conclusions and open questions, collected during recognition. */
export interface Findings {
  readonly concluded: Conclusion[];
  readonly questions: Question[];
}

/** Reason of a conclusion that the user stated. */
export const GIVEN = 'you specified it';

/** Records a conclusion and returns its value. */
export function conclude<T>(
  { concluded }: Findings,
  what: string,
  value: T,
  because: string,
  inWords: string = String(value),
): T {
  concluded.push({ what, value: inWords, because });
  return value;
}
