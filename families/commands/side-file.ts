import { createHash } from 'node:crypto'
import type { CommandsPlace } from './declaration.ts'

/**
 * Shell for the path of what is kept of a side on its own host, by the folders that hold its data: two datasets never share one. Its folder is
 * made by whoever writes there first.
 */
export function sideFile({ paths }: Pick<CommandsPlace, 'paths'>, ending: 'json' | 'alive' | 'take'): string {
  const name = createHash('sha256')
    .update([...paths].sort().join('\n'))
    .digest('hex')
    .slice(0, 20)
  return `"$HOME/.qianyun/sides/${name}.${ending}"`
}
