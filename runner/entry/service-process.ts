import { quote } from '../ssh/quote.ts'
import { asRoot } from '../ssh/root.ts'

export interface ProxyService {
  readonly service: string
  /** The folder of runit services; undefined if systemd manages the service. */
  readonly serviceDir?: string | undefined
  readonly withoutRoot: boolean
}

/** Shell that sets `main` to the process of a service; to nothing or 0 where it has none, or it is not told. */
export function mainProcessScript({ service, serviceDir, withoutRoot }: ProxyService): string {
  if (serviceDir === undefined)
    return `main=$(systemctl show -p MainPID --value ${quote(service)} 2>/dev/null || true)`
  const status = `PATH="$PATH:/usr/sbin:/sbin"; sv status ${quote(`${serviceDir}/${service}`)} 2>/dev/null || true`
  return `main=$(${asRoot(status, withoutRoot)})
main=$(printf '%s\\n' "$main" | sed -n 's/^run: [^(]*(pid \\([0-9]*\\)).*/\\1/p')`
}
