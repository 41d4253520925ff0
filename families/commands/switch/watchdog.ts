import { placeFunctions } from '../../../runner/ssh/replace-file.ts'
import { quoteAll } from '../../../runner/ssh/quote.ts'
import type { ReadRecord, SideRecord } from '../record.ts'
import type { CommandsSide } from '../side.ts'
import { sideFile } from '../side-file.ts'

/** What a run that undoes the switch itself may take for that. */
const graceSeconds = 30

/**
 * Leaves a process on the host of a side that was closed. It has the side serve again once nobody says any more that the switch goes on, or its
 * time is over, and ends as soon as the record is another one: decided, or undone.
 */
export async function leaveWatchdog(
  side: CommandsSide,
  { path, digest, record }: ReadRecord & { readonly record: SideRecord },
  silentAfterMs: number,
): Promise<void> {
  const untilMs = Date.parse(record.goesOnUntil ?? record.since)
  const until = Math.ceil(untilMs / 1_000) + graceSeconds
  const silent = Math.ceil(silentAfterMs / 1_000)
  const words = ['sh', '-c', watching(side), 'sh', path, digest, String(until), String(silent)]
  const alive = sideFile(side.place, 'alive')
  await side.host.run(
    `touch ${alive}\nsetsid ${quoteAll([...words, String(record.generation)])} </dev/null >/dev/null 2>&1 &`,
  )
}

/** Says that the switch goes on. */
export async function sayAlive(side: CommandsSide): Promise<void> {
  await side.host.run(`touch ${sideFile(side.place, 'alive')}`, { timeoutMs: 10_000 })
}

/** What is started keeps none of its files open: a lock would stay with it. */
const watching = (side: CommandsSide): string => `file=$1 digest=$2 until=$3 silent=$4 generation=$5
alive=${sideFile(side.place, 'alive')}
${placeFunctions}
exec 7>>"$alive"
if command -v flock >/dev/null 2>&1; then flock -n 7 || exit 0; fi
while :; do
  unchanged "$file" "$digest" || exit 0
  now=$(date +%s)
  [ "$now" -lt "$until" ] || break
  [ $((now - $(stat -c %Y "$alive"))) -lt "$silent" ] || break
  sleep 1
done
new=$(mktemp "\${file%/*}/.qianyun.XXXXXX") || exit 1
printf '{"state":"open","generation":%s,"since":"%s"}\\n' "$generation" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$new"
place "$file" "$new" "$digest" || { rm -f -- "$new"; exit 0; }
left=60
until (
${side.script('start')}
) 7>&-; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || exit 1
  sleep 5
done`
