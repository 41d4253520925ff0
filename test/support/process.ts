import { readFileSync } from 'node:fs'

/** Whether a process still does something; an ended one stays in /proc where nobody reaps it, as in many containers. */
export function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'))
  } catch {
    return false
  }
}
