const PAGE = 500;

/** Place of a page in a list: its size, and the item before it. */
export interface PagePlace<Item> {
  readonly limit: number;
  readonly after: Item | undefined;
}

/** Yields all items of a list that is read in pages; a page below the limit is the last one. */
export async function* readPages<Item>(
  read: (place: PagePlace<Item>) => Promise<readonly Item[]>,
): AsyncGenerator<Item, void> {
  for (let after: Item | undefined; ;) {
    const page = await read({ limit: PAGE, after });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}
