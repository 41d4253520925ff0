import { quote } from './quote.ts'

/** A script that runs as root: by sudo without a question where the login user is somebody else. */
export function asRoot(script: string, isRoot: boolean): string {
  return isRoot ? script : `sudo -n sh -c ${quote(script)}`
}
