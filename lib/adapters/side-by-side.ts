/** Runs something for every item, at most `atOnce` at a time. The results are in the order of the items. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const left = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of left) results.set(index, await run(item));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return items.map((_, index) => results.get(index) as Result);
}
