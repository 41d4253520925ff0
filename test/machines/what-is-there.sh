#!/bin/sh
# What a machine has, one a line, to be compared with what it had before: processes, listeners, users, services that start with it,
# and what Qianyun may have put outside of the checkout. Without itself, and what came to look.
set -u
# The first process holds the machine; what was entered to look has no parent in it.
ps -e -o pid=,ppid=,user:20=,stat=,args= | while read -r pid parent user stat args; do
  [ "$pid" = 1 ] || [ "$parent" = 0 ] || [ "$pid" = $$ ] && continue
  case $args in *what-is-there* | 'ps -e'* | 'sleep infinity') continue ;; esac
  [ "$parent" = $$ ] && continue
  case $stat in Z*) args="(ended) $args" ;; esac
  echo "process $user $args"
done | sort
ss -Hltun | awk '{ print "listens", $1, $5 }' | sort
ss -Hlx | awk '$5 ~ /^\// { print "listens", $1, $5 }' | sort
cut -d: -f1 /etc/passwd | sed 's/^/user /' | sort
cut -d: -f1 /etc/group | sed 's/^/group /' | sort
# Links that begin with K keep a service from starting.
find /etc/systemd/system /etc/systemd/user /etc/rc?.d /etc/runlevels /etc/service /etc/runit/runsvdir -type l ! -path '/etc/rc?.d/K*' 2>/dev/null |
  sed 's/^/starts /' | sort
[ -e /var/lib/qianyun ] && find /var/lib/qianyun -mindepth 1 -maxdepth 2 | sed 's/^/file /' | sort
find /tmp /var/tmp -mindepth 1 -maxdepth 1 2>/dev/null | sed 's/^/file /' | sort
exit 0
