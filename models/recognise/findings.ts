import type { Size } from '../../domain/result/detection.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import type { Family, OutputOf } from '../../domain/model/model-output.js';

/** What a person says of a network; it goes before what the file lets one conclude. */
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
  readonly corners?: OutputOf<'detections'>['corners'];
  readonly coordinates?: OutputOf<'detections'>['coordinates'];
  readonly activation?: OutputOf<'classifier'>['activation'];
  readonly firstClass?: OutputOf<'detections'>['first_class'];
}

export interface Conclusion {
  readonly what: string;
  readonly value: string;
  readonly because: string;
}

/** What the file does not tell. */
export interface Question {
  readonly answer: keyof Answers;
  readonly ask: string;
  /** The answers that there are, where they can be listed. */
  readonly choices?: readonly string[];
}

/** What is found out on the way, in words. */
export interface Findings {
  readonly concluded: Conclusion[];
  readonly questions: Question[];
}

export const GIVEN = 'it was given';

/** Notes a conclusion and gives its value on. */
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
