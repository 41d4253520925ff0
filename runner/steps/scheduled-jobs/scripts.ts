import { quote } from '../../ssh/quote.ts'
import { cronThere } from './cron-there.ts'
import type { ScheduledJobsParams } from './params.ts'
import { userTimers } from './user-timers.ts'

/** Prefix of a crontab line that is off; the rest of the line is unchanged. */
export const mark = '#qianyun-off# '

/** How many characters of its SHA-256 identify a line. */
export const idLength = 16

const asRoot = `uid=$(id -u)
if [ "$uid" = 0 ] || sudo -n true 2>/dev/null; then can=yes; else can=no; fi
as() { if [ "$uid" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
as_if() { if [ "$can" = yes ]; then as "$@"; else "$@"; fi; }`

const idOf = `id_of() { printf %s "$1" | sha256sum | cut -c 1-${idLength}; }`

function anyOf(words: readonly string[]): string {
  return words.map((word) => `-e ${quote(word)}`).join(' ')
}

/** `tell` prints a job; `lines` tells those of a table, given its source, the state of its lines, whose it is, and its file. */
const tellLines = `tell() { printf '@@job\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$1" "$2" "$3" "$(printf %s "$4" | tr '\\t\\n' '  ')" "\${5-}"; }
lines() {
  table=unjudged
  while IFS= read -r line || { cut=line-end; [ -n "$line" ]; }; do
    bare=\${line#"$mark"}
    case $bare in [0-9*@]*|[[:space:]]*[0-9*@]*) ;; *) continue ;; esac
    case $bare in [[:space:]]*'#'*) continue ;; esac
    (ours "$bare") || continue
    if [ "$bare" = "$line" ]; then state=$2; else state=off; fi
    [ "$table" = unjudged ] && table=$([ "$3" = none ] || not_run "$3" "$4")
    why=$table
    case $why$cron$3 in cronie*system) unknown_user "$(printf '%s\\n' "$bare" | awk '{ print /^[ \\t]*@/ ? $2 : $6 }')" && why=user ;; esac
    case $why$cron in cronie*) why=\${cut-} ;; esac
    tell "$state" "$1" "$(id_of "$bare")" "$bare" "$why"
  done
  cut=
}`

/**
 * Finds the jobs of the system in cron, anacron, `at` and systemd. Prints `@@job` with state, source, id, text and why cron does not run it
 * between tabs, and `@@unseen` with a place. The contents of a script that a job runs also show whether it belongs to the system.
 */
export function findScript({ mentions, leave }: ScheduledJobsParams): string {
  return `PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
mark=${quote(mark)}
${asRoot}
${idOf}
${cronThere}
ours() {
  ${leave.length === 0 ? '' : `printf '%s\\n' "$1" | grep -qF ${anyOf(leave)} && return 1`}
  printf '%s\\n' "$1" | grep -qF ${anyOf(mentions)} && return 0
  set -f
  for word in $1; do
    case $word in /*) ;; *) continue ;; esac
    # Some files of the kernel never end.
    case $(readlink -f "$word") in /proc/*|/sys/*|/dev/*) continue ;; esac
    [ -f "$word" ] && [ -r "$word" ] && [ "$(wc -c <"$word")" -lt 200000 ] && grep -qF ${anyOf(mentions)} "$word" && return 0
  done
  return 1
}
${tellLines}
[ "$cron" = unseen ] && printf '@@unseen\\t%s\\n' 'whether cron runs'
me=$(id -un)
# One who may not use crontab still has the jobs that root has given them.
if crontab -l 2>&1 >/dev/null | grep -q 'not allowed'; then mine=refused; else mine=seen; crontab -l 2>/dev/null | lines user on user ''; fi
for spool in /var/spool/cron/crontabs /var/spool/cron/tabs /var/spool/cron; do
  [ -d "$spool" ] || continue
  [ "$can$mine" = norefused ] && printf '@@unseen\\t%s\\n' "$spool/$me"
  if [ "$can" = no ] && [ ! -r "$spool" ]; then printf '@@unseen\\t%s\\n' "$spool"; continue; fi
  if [ "$can" = yes ]; then names=$(as ls "$spool"); else names=$(ls "$spool"); fi
  for name in $names; do
    [ "$name$mine" = "\${me}seen" ] && continue
    if [ "$can" = yes ]; then
      as test -f "$spool/$name" && as cat "$spool/$name" | lines "user $name" on user "$spool/$name"
    elif [ -f "$spool/$name" ]; then
      if [ -r "$spool/$name" ]; then lines "user $name" fixed user "$spool/$name" <"$spool/$name"; else printf '@@unseen\\t%s\\n' "$spool/$name"; fi
    fi
  done
done
switched=fixed; [ "$can" = yes ] && switched=on
for file in /etc/crontab /etc/cron.d/* /etc/cron.d/.[!.]*; do
  [ -f "$file" ] || continue
  if [ -r "$file" ]; then lines "file $file" "$switched" system "$file" <"$file"
  elif [ "$can" = yes ]; then as cat "$file" | lines "file $file" on system "$file"
  else printf '@@unseen\\t%s\\n' "$file"; fi
done
[ -r /etc/anacrontab ] && lines anacrontab fixed none '' </etc/anacrontab
for file in /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*; do
  [ -f "$file" ] && [ -x "$file" ] && (ours "$file") || continue
  # run-parts passes over names that it does not take.
  run=$(run-parts --test "\${file%/*}" 2>/dev/null) && ! printf '%s\\n' "$run" | grep -qxF -e "$file" -e "\${file##*/}" && why=name || why=
  tell fixed "\${file%/*}" - "$file" "$why"
done
if command -v atq >/dev/null 2>&1; then
  for number in $(atq 2>/dev/null | awk '{ print $1 }'); do
    text=$(at -c "$number" 2>/dev/null)
    (ours "$text") && tell fixed at "$number" "at job $number"
  done
fi
if command -v systemctl >/dev/null 2>&1; then
  for timer in $(systemctl list-unit-files --type=timer --plain --no-legend --no-pager 2>/dev/null | awk '{ print $1 }'); do
    case $timer in *@.timer) continue ;; esac
    unit=$(systemctl show -p Unit "$timer" 2>/dev/null | sed 's/^Unit=//')
    text=$(systemctl cat "$timer" \${unit:+"$unit"} 2>/dev/null | sed -n 's/^\\(ExecStart\\|WorkingDirectory\\|EnvironmentFile\\|Environment\\|OnCalendar\\)=-*//p')
    (ours "$text") || continue
    if systemctl is-active --quiet "$timer" || systemctl is-enabled --quiet "$timer" 2>/dev/null; then tell "$switched" timer "$timer" "$timer ($text)"
    elif [ -e "$HOME/.qianyun/jobs-off/$timer" ]; then tell off timer "$timer" "$timer ($text)"; fi
  done
fi
${userTimers}
true`
}

/** Switches the lines of one crontab with these ids, and appends the lines of `added`. */
export function crontabScript(
  source: string,
  ids: readonly string[],
  state: 'on' | 'off',
  added: readonly string[] = [],
): string {
  const [kind, name = ''] = source.split(/ (.*)/s)
  const [read, write] =
    kind === 'file'
      ? [`as cat ${quote(name)}`, `as sh -c ${quote(`cat >${quote(name)}`)} <"$work/new"`]
      : name === ''
        ? ['(crontab -l 2>/dev/null || true)', 'crontab - <"$work/new"']
        : [`as crontab -u ${quote(name)} -l`, `as crontab -u ${quote(name)} - <"$work/new"`]
  const before = state === 'off' ? quote(mark) : "''"
  return `set -e
mark=${quote(mark)}
${asRoot}
${idOf}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
${read} >"$work/old"
while IFS= read -r line || [ -n "$line" ]; do
  bare=\${line#"$mark"}
  case ${quote(` ${ids.join(' ')} `)} in
    *" $(id_of "$bare") "*) printf '%s%s\\n' ${before} "$bare" ;;
    *) printf '%s\\n' "$line" ;;
  esac
done <"$work/old" >"$work/new"
${added.map((line) => `printf '%s%s\\n' ${before} ${quote(line)} >>"$work/new"`).join('\n')}
${write}`
}

/** Removes lines from the crontab of the login user, whether on or off. */
export function removeScript(ids: readonly string[]): string {
  return `set -e
mark=${quote(mark)}
${idOf}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
(crontab -l 2>/dev/null || true) >"$work/old"
while IFS= read -r line || [ -n "$line" ]; do
  case ${quote(` ${ids.join(' ')} `)} in
    *" $(id_of "\${line#"$mark"}") "*) ;;
    *) printf '%s\\n' "$line" ;;
  esac
done <"$work/old" >"$work/new"
crontab - <"$work/new"`
}

/** Where systemd notes when a persistent timer last fired. */
const stamps = '/var/lib/systemd/timers'

/**
 * Notes a timer before it is disabled, so that a timer that is off for another reason is not enabled. A persistent timer makes up for what
 * it missed as it starts, and its job would run out of turn, after the other side has run it: so its last time counts as just now.
 */
export function timerScript(timer: string, state: 'on' | 'off'): string {
  const note = `"$HOME/.qianyun/jobs-off/"${quote(timer)}`
  return `set -e
PATH="$PATH:/usr/sbin:/sbin"
${asRoot}
${
  state === 'off'
    ? `mkdir -p "$HOME/.qianyun/jobs-off"\n: >${note}\nas systemctl disable --now ${quote(timer)}`
    : `if systemctl show -p Persistent ${quote(timer)} 2>/dev/null | grep -qx Persistent=yes; then
  as mkdir -p ${stamps}
  as touch ${quote(`${stamps}/stamp-${timer}`)}
fi
as systemctl enable --now ${quote(timer)}
rm -f ${note}`
}`
}
