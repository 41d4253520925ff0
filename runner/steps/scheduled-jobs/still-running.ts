import { setTimeout as sleep } from 'node:timers/promises'
import { maskSecrets } from '../../../domain/secret-text.ts'
import { quote } from '../../ssh/quote.ts'
import type { HostPort } from '../kind.ts'
import type { Job } from './params.ts'

/** Programs that every host has: they tell no job from another. */
const ofTheSystem = /^\/(?:usr\/)?s?bin\//

/** Prints `@@running`, the process and its command for what a scheduler of the host has begun and that names the system. */
function script(mentions: readonly string[], jobs: readonly Job[]): string {
  const programs = jobs.flatMap(({ text, source }) =>
    source === 'timer'
      ? []
      : text
          .split(/\s+/)
          .filter((word) => word.startsWith('/') && !ofTheSystem.test(word))
          .slice(0, 1),
  )
  const needles = [...new Set([...mentions, ...programs])].map((one) => `-e ${quote(one)}`).join(' ')
  const timers = jobs.filter(({ source }) => source === 'timer').map(({ id }) => quote(id))
  return `for file in $(grep -alF ${needles} /proc/[0-9]*/cmdline 2>/dev/null); do
  dir=\${file%/cmdline} up=\${file%/cmdline}
  while :; do
    parent=$(sed -n 's/^PPid:[^0-9]*//p' "$up/status" 2>/dev/null)
    [ "\${parent:-0}" -gt 1 ] || break
    up=/proc/$parent
    read -r comm <"$up/comm" || break
    [ "$comm" = busybox ] && tr '\\0' ' ' <"$up/cmdline" | grep -q crond && comm=crond
    case $comm in
      cron|crond|CRON|cronie|anacron|atd|fcron) printf '@@running\\t%s %s\\n' "\${dir#/proc/}" "$(tr '\\0\\n\\t' '   ' <"$file")"; break ;;
    esac
  done
done 2>/dev/null
for timer in ${timers.join(' ')}; do
  unit=$(systemctl show -p Unit "$timer" 2>/dev/null | sed 's/^Unit=//')
  [ -n "$unit" ] || continue
  case $(systemctl is-active "$unit" 2>/dev/null) in active|activating|deactivating|reloading) ;; *) continue ;; esac
  systemctl show -p SubState "$unit" 2>/dev/null | grep -qx SubState=exited || printf '@@running\\t%s\\n' "$unit"
done
true`
}

const lookEveryMs = 1_000

/**
 * Runs that were under way as their jobs were switched off: they go on, and the other side may begin the same job meanwhile. They are waited for;
 * what still runs then is returned, each with its process.
 */
export async function stillRunning(
  host: HostPort,
  mentions: readonly string[],
  jobs: readonly Job[],
  { runsEndWithinMs, signal }: { readonly runsEndWithinMs: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const text = script(mentions, jobs)
  const deadline = Date.now() + runsEndWithinMs
  for (;;) {
    const { stdout } = await host.run(text, { signal })
    const found = stdout.split('\n').flatMap((line) => {
      const [what, run = ''] = line.split('\t')
      return what === '@@running' ? [maskSecrets(run.trim().slice(0, 1_000)).slice(0, 300)] : []
    })
    if (found.length === 0 || Date.now() >= deadline) return found
    await sleep(lookEveryMs, undefined, { signal })
  }
}
