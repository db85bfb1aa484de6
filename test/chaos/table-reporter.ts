import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { CASE_NAMES, type CaseName } from './case-names.js';
import type { ChaosSettings } from './settings.js';
import { tableOf } from './table.js';

/** Record of one injection of a fault. */
export interface TrialRecord {
  readonly name: CaseName;
  readonly eventId: string;
  /** Folder of its stack, which is kept after a failure. */
  readonly folder: string;
  /** Absent if the job did not recover. */
  readonly recoveredS?: number;
}

declare module 'vitest' {
  interface TaskMeta {
    chaos?: TrialRecord;
  }
}

/** Prints the table of a run and the details for investigating each failure. */
export class TableReporter implements Reporter {
  constructor(private readonly settings: ChaosSettings) {}

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((each) => [...each.children.allTests()]);
    const records = tests.flatMap((test) => recordOf(test) ?? []);
    const seed = `seed ${this.settings.seed}`;
    console.log(`\n${tableOf(CASE_NAMES, records)}\n\n${records.length} injections, ${seed}`);
    for (const test of tests) {
      const result = test.result();
      if (result.state !== 'skipped' || result.note === undefined) continue;
      console.log(`LEFT OUT: ${test.name}, ${result.note}`);
    }
    for (const { name, eventId, folder, recoveredS } of records) {
      if (recoveredS !== undefined) continue;
      console.log(`NOT SURVIVED: ${name}, event ${eventId}, ${seed}, kept in ${folder}`);
    }
  }
}

/** A test that failed after its job had recovered counts as not recovered. */
function recordOf(test: TestCase): TrialRecord | undefined {
  const { chaos } = test.meta();
  if (!chaos || test.result().state === 'passed') return chaos;
  const { name, eventId, folder } = chaos;
  return { name, eventId, folder };
}
