/** Asks for each item, `limit` at once; answers in the order of the items. */
export async function mapAtMost<T, R>(
  limit: number,
  items: readonly T[],
  ask: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  const waiting = items.entries();
  const work = async () => {
    // One iterator for all: each takes what is next.
    for (const [index, item] of waiting) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return answers;
}
