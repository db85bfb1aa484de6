import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';

const PAGE = 100;

/** Yields all scenarios, the newest first. */
export async function* listScenarios({
  scenarios,
}: Pick<DocumentStore, 'scenarios'>): AsyncGenerator<ScenarioDocument> {
  let page = await scenarios.list({ limit: PAGE });
  while (page.length > 0) {
    yield* page;
    page = await scenarios.list({ limit: PAGE, after: page.at(-1) });
  }
}
