import { quote } from '../../ssh/quote.ts'

/** Why cron does not run a job that is written in a table of its own. */
export const reasonsNotRun = [
  'no-cron',
  'not-read',
  'name',
  'owner',
  'mode',
  'links',
  'line-end',
  'line',
  'user',
] as const
export type ReasonNotRun = (typeof reasonsNotRun)[number]

/** Prints which cron runs: `debian` or `cronie` (with `-l` or `-p` if it has that option), `busybox`, `other`, `none` or `unseen`. */
const whichCron = `for dir in /proc/[0-9]*; do
  read -r comm <"$dir/comm" || continue
  words=" $(tr '\\0' ' ' <"$dir/cmdline")"
  case $comm in
    cron|crond|cronie) ;;
    busybox) case $words in *' crond '*) ;; *) continue ;; esac ;;
    fcron|bcron-start|mcron|dcron|supercronic|yacron) echo other; exit ;;
    *) continue ;;
  esac
  program=$(command -v "$comm") || program=/dev/null
  case $words in *' -l '*) with=-l ;; *' -p '*) with=-p ;; *) with= ;; esac
  case $(readlink -f "$program") in *busybox*) echo busybox; exit ;; esac
  if grep -qaF 'BAD FILE MODE' "$program"; then echo "cronie$with"
  elif grep -qaF 'INSECURE MODE' "$program"; then echo "debian$with"
  else echo other; fi
  exit
done 2>/dev/null
if systemctl is-active --quiet cron.target 2>/dev/null; then echo other
elif [ -r /proc/1/comm ]; then echo none
else echo unseen; fi`

/** Prints `line` if a line cannot be read, and `user NAME` for each user that a system's table names. */
const readLines = `read_lines() {
  awk -v kind="$1" '
    function ok(field, low, high, names,   parts, n, i, step, range) {
      n = split(field, parts, ",")
      for (i = 1; i <= n; i++) {
        if (split(parts[i], step, "/") > 2 || parts[i] ~ /\\/([^0-9]|$)/) return 0
        if (step[1] == "*" || (names && step[1] ~ /^[A-Za-z][a-z][a-z](-[A-Za-z][a-z][a-z])?$/)) continue
        if (step[1] !~ /^[0-9]+(-[0-9]+)?$/) return 0
        split(step[1], range, "-")
        if (range[1] + 0 < low || range[1] + 0 > high || range[2] + 0 > high) return 0
      }
      return n > 0
    }
    BEGIN { first = kind == "system" ? 7 : 6 }
    /^[ \\t]*(#|$)/ { next }
    /^[ \\t]*@/ { if (kind == "system") print "user", $2; next }
    /^[ \\t]*["\\047A-Za-z_][^ \\t=]*[ \\t]*=/ { next }
    NF < first || !(ok($1, 0, 59) && ok($2, 0, 23) && ok($3, 1, 31) && ok($4, 1, 12, 1) && ok($5, 0, 7, 1)) { print "line"; next }
    kind == "system" { print "user", $6 }' | sort -u
}`

/**
 * Shell functions that judge a table of cron as the cron that runs on the host does. `not_run system FILE` and `not_run user FILE` print
 * why it runs none of its jobs, or nothing. No file is given for the table of the login user, which `crontab` itself has written.
 */
export const cronThere = `as_seen() { if [ "$can" = yes ]; then as "$@"; else "$@"; fi; }
cron=$(sh -c ${quote(whichCron)})
[ "$cron" = unseen ] && [ "$can" = yes ] && cron=$(as sh -c ${quote(whichCron)})
${readLines}
unknown_user() { ! id -u "$1" >/dev/null 2>&1; }
not_run() {
  case $cron in
    none) echo no-cron; return ;;
    busybox) [ "$1" = system ] && echo not-read; return ;;
    other|unseen) return ;;
  esac
  [ -n "$2" ] || return
  name=\${2##*/}
  set -- "$1" "$2" $(as_seen stat -Lc '%a %u %h' "$2")
  case $cron in
    debian*)
      if [ "$1" = system ]; then
        case $cron$name in debian-l*) ;; *[!A-Za-z0-9_-]*) echo name; return ;; esac
        [ "$4" = 0 ] && [ "$(stat -c %u "$2")" = 0 ] || { echo owner; return; }
        case $3 in *[2367]?|*[2367]) echo mode; return ;; esac
      else
        [ "$3" = 600 ] || { echo mode; return; }
      fi
      [ "$5" = 1 ] || { echo links; return; }
      [ -z "$(as_seen tail -c 1 "$2")" ] || { echo line-end; return; }
      ;;
    cronie*)
      case $1$name in system.*|system'#'*|*'~'|*.rpmsave|*.rpmorig|*.rpmnew) echo name; return ;; esac
      if [ "$cron" = cronie ]; then
        case $3 in [46][04][04]) ;; *) echo mode; return ;; esac
        [ "$1" = user ] || [ "$4" = 0 ] || { echo owner; return; }
      fi
      ;;
  esac
  [ "$1" = user ] && unknown_user "$name" && { echo user; return; }
  # One such line, and Debian's cron ignores the whole table; cronie ignores the line.
  case $cron in debian*) ;; *) return ;; esac
  as_seen cat "$2" | read_lines "$1" | while read -r what who; do
    if [ "$what" = line ]; then echo line
    elif unknown_user "$who"; then echo user; fi
  done | head -n 1
}`
