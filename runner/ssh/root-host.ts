import type { HostPort } from '../steps/kind.ts'
import { quote } from './quote.ts'

/** A file's bytes travel as text, a third longer. */
const encodedLimitBytes = 96 * 1024 * 1024

/** What steps keep for their undo lies in the login user's home, whoever writes it. */
const rooted = (script: string): string =>
  `as=; [ "$(id -u)" = 0 ] || as='sudo -n'
$as sh -c ${quote(`HOME=$1; export HOME; shift\n${script}`)} sh "$HOME"`

/** The same host, where everything runs as root: by sudo where the login user is another. */
export function rootHost(host: HostPort): HostPort {
  const { name, address, serviceDir } = host
  return {
    name,
    address,
    serviceDir,
    run: async (script, options) => host.run(rooted(script), options),
    start: async (script) => host.start(rooted(script)),
    async readFile(path) {
      const { stdout } = await host.run(rooted(`base64 <${quote(path)}`), {
        maxOutputBytes: encodedLimitBytes,
      })
      return Buffer.from(stdout, 'base64')
    },
  }
}
