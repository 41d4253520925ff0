/** What is read of a unit: no more is one, and a user may leave a pipe or a file without an end in its place. */
const longestUnit = 65_536

/**
 * Tells the timers that the own systemd of a user starts while the user is logged in, or lingers. Nobody else can switch them. What is in a home is read
 * with the rights of its user: a link there may lead to a file of root's, whose lines would be told.
 */
export const userTimers = `tab=$(printf '\\t')
own() {
  if [ "$(id -u)" = "$owner" ]; then "$@"
  elif [ "$can" = no ]; then "$@"
  elif command -v setpriv >/dev/null 2>&1; then as setpriv --reuid "$owner" --regid "$group" --clear-groups "$@"
  else as sudo -n -u "#$owner" "$@"; fi </dev/null 2>/dev/null
}
as_if sh -c 'ls -d /etc/systemd/user/*.wants /root/.config/systemd/user/*.wants /home/*/.config/systemd/user/*.wants "$1"/.config/systemd/user/*.wants' - "$HOME" 2>/dev/null | sort -u |
while IFS= read -r wants; do
  dir=\${wants%/*}
  case $wants in
    *"$tab"*) continue ;;
    /home/*) home=\${wants#/home/} home=/home/\${home%%/*} ;;
    *) home=$dir ;;
  esac
  owner=$(as_if stat -Lc %u "$home" </dev/null 2>/dev/null) group=$(as_if stat -Lc %g "$home" </dev/null 2>/dev/null)
  own true || { printf '@@unseen\\t%s\\n' "$wants"; continue; }
  own ls "$wants" | grep '\\.timer$' | grep -v "$tab" | while IFS= read -r timer; do
    text=$(own timeout 10 sh -c 'for file; do [ -f "$file" ] && head -c ${String(longestUnit)} "$file"; echo; done' - "$dir/$timer" "$dir/\${timer%.timer}.service" | sed -n 's/^\\(ExecStart\\|WorkingDirectory\\|EnvironmentFile\\|Environment\\|OnCalendar\\)=-*//p')
    (ours "$text") && tell fixed 'user timer' "$dir/$timer" "$dir/$timer ($text)"
  done
done`
