import { quote } from './quote.ts'

/** A script that runs as root: by sudo without a question where the login user is somebody else. */
export function asRoot(script: string, isRoot: boolean): string {
  return isRoot ? script : `sudo -n sh -c ${quote(script)}`
}

/** A script that runs as root where the login user is allowed to, and else as the login user. sudo is asked once: it may take its time. */
export function asRootIfAllowed(script: string): string {
  return `if [ "$(id -u)" = 0 ] || ! sudo -n sh -c ${quote(script)} 2>/dev/null; then sh -c ${quote(script)}; fi`
}
