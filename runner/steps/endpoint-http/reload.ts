import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { mainProcessScript, type ProxyService } from '../../entry/service-process.ts'
import { quote } from '../../ssh/quote.ts'
import { asRoot } from '../../ssh/root.ts'

/** Exit code of {@link reloadScript} where the proxy goes on with the configuration it had. */
export const notTakenExit = 77

/** Thrown when a proxy was told to reload and started no worker with the new configuration. */
export class ProxyNotReloadedError extends QianyunError {
  override name = 'ProxyNotReloadedError'
  readonly code = 'proxy-not-reloaded'

  constructor(
    readonly host: string,
    readonly service: string,
    readonly configFile: string,
  ) {
    super(said('proxy-not-reloaded', { host, service, configFile }))
  }
}

/**
 * Reloads a proxy and waits until it serves by a new worker. Both nginx and haproxy report success once the signal is sent; the one that
 * cannot apply the configuration (a port in use, a zone that is defined otherwise) keeps its workers
 * (https://github.com/nginx/nginx/issues/860). Prints `unseen` where the processes of the service cannot be looked at.
 */
export function reloadScript(proxy: ProxyService): string {
  const { service, serviceDir, withoutRoot } = proxy
  const runit = quote(`${serviceDir ?? ''}/${service}`)
  return `${mainProcessScript(proxy)}
workers() { cat /proc/[0-9]*/stat 2>/dev/null | sed -n "s/^\\([0-9]*\\) (.*) [A-Z] $main .*/\\1/p" | tr '\\n' ' '; }
if [ -n "$main" ] && [ "$main" != 0 ] && [ -r "/proc/$main/stat" ]; then before=" $(workers)"; else before=unseen; fi
${asRoot(serviceDir === undefined ? `systemctl reload ${quote(service)}` : `PATH="$PATH:/usr/sbin:/sbin"; sv hup ${runit}`, withoutRoot)}
if [ "$before" = unseen ]; then echo unseen; else
  seen=; tries=0
  while :; do
    new=
    for pid in $(workers); do case $before in *" $pid "*) ;; *) new="$new $pid" ;; esac; done
    # One that cannot start ends at once, so it is looked at twice.
    for pid in $new; do case "$seen " in *" $pid "*) break 2 ;; esac; done
    seen=$new
    tries=$((tries + 1))
    if [ "$tries" -ge 75 ]; then exit ${notTakenExit}; fi
    sleep 0.2
  done
fi`
}
