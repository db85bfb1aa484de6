import type { Page } from 'playwright-core';
import type { ModelPage } from '../../api/types.js';

/** Adds a class that the models do not have to the list that the page reads. */
export async function offerUnknownClass(page: Page, name: string): Promise<void> {
  await page.route('**/api/v1/models?*', async (route) => {
    const response = await route.fetch();
    const { models, next } = (await response.json()) as ModelPage;
    const json = { models: models.map((m) => ({ ...m, classes: [...m.classes, name] })), next };
    await route.fulfill({ response, json });
  });
}
