import type { PlanView } from '../../api/contract.ts'

type Place = PlanView['content']['datasets'][string]['source']

/** Where a dataset lies, in few words: `permits 10.1.2.11:5432`, `/srv/permits/uploads`; of data moved by commands the folders. */
export function placeText({ host, path, paths, database, address, port }: Place): string {
  if (typeof path === 'string') return path
  if (Array.isArray(paths)) return paths.map(String).join(', ')
  if (typeof address !== 'string') return host
  const server = typeof port === 'number' ? `${address}:${String(port)}` : address
  return typeof database === 'string' ? `${database} ${server}` : server
}
