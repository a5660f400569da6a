/** Items and what to do with one of them come in; it is done with all, so many at a time. */

/** Rejects with the first failure; what is under way then ends by itself. */
export async function atOnce<T>(
  most: number,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: most }, work));
}
