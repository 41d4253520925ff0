import { quote } from './quote.ts'

/** A script that runs as root: by sudo without a question where the login user is somebody else. */
export function asRoot(script: string, isRoot: boolean): string {
  return isRoot ? script : `sudo -n sh -c ${quote(script)}`
}

/** A script that runs as root where the login user is allowed to, and else as the login user. sudo is asked once: it may take its time. */
export function asRootIfAllowed(script: string): string {
  return `if [ "$(id -u)" = 0 ] || ! sudo -n sh -c ${quote(script)} 2>/dev/null; then sh -c ${quote(script)}; fi`
}

/** Whether a script may ask for the rights of root. */
export function usesSudo(script: string): boolean {
  return /\bsudo\b/.test(script)
}

/**
 * A script whose `sudo` gets the password, which the first line of standard input carries: no process has it among its arguments, and no
 * command in its environment. `printenv` is the program that answers sudo (`SUDO_ASKPASS`), because hosts forbid programs in folders
 * for temporary files.
 */
export function withSudoPassword(script: string): string {
  return `IFS= read -r qianyun_password
sudo() {
  if [ "$1" = -n ]; then shift; fi
  QIANYUN_SUDO=$qianyun_password SUDO_ASKPASS=$(command -v printenv) command sudo -A -p QIANYUN_SUDO "$@"
}
${script}`
}
