import { readFileSync } from 'node:fs'

/**
 * npm does not pass a signal on through the shell it runs scripts in. When npm started this process and is gone, the
 * process ends as it would by a signal of its own.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const grandparent = parentOf(parent)
  const shellBetween = !isNpm(parent) && isNpm(grandparent)
  const watch = setInterval(() => {
    const npmLives = process.ppid === parent && (!shellBetween || parentOf(parent) === grandparent)
    if (npmLives) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

function isNpm(pid) {
  return pid !== undefined && /^(\S*node\s+\S*)?npm\b/.test(read(pid, 'cmdline').replaceAll('\0', ' '))
}

function parentOf(pid) {
  const stat = read(pid, 'stat')
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
