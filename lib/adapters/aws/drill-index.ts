import type { DrillIndex } from '../../ports/receipts.ts';
import { INDEX } from './journal.ts';
import { type IndexedDrill, inBatches, listedDrill } from './listing.ts';
import { type Item, queryPage, type Table } from './table.ts';

/** One query for a page of a target's drills, and one item for each of them. */
export function dynamoDrillIndex(table: Table): DrillIndex {
  return {
    async page(target, asked) {
      const pk = `TARGET#${target}`;
      const { items, next } = await queryPage(table, pk, asked, { skPrefix: INDEX, newestFirst: true });
      return { items: await inBatches(items.map(indexed), (drill) => listedDrill(table, drill)), next };
    },
  };
}

function indexed({ drillId, target, startedAt }: Item): IndexedDrill {
  return { drillId: drillId as string, target: target as string, startedAt: startedAt as string };
}
