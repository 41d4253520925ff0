/** Logins that are tried at the same time: an SSH server takes ten sessions of one connection. */
const atOnce = 4

/** Does the same for each, a few at the same time; the results in the order of the items. */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (let n = 0; n < items.length; n += atOnce)
    results.push(...(await Promise.all(items.slice(n, n + atOnce).map(work))))
  return results
}
