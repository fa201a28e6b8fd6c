import { type Item, queryPage, type Table } from './table.ts';

/** The items of all drills that were ever opened, page by page. */
export async function* drillsFromNewest(
  table: Table,
  pageSize: number,
  mostPages: number,
): AsyncGenerator<readonly Item[]> {
  let after: string | null = null;
  for (let count = 1; count <= mostPages; count++) {
    const asked = { limit: pageSize, after };
    const page: Awaited<ReturnType<typeof queryPage>> = await queryPage(table, 'DRILLS', asked, {
      newestFirst: true,
    });
    yield page.items;
    after = page.next;
    if (after === null) return;
  }
}
