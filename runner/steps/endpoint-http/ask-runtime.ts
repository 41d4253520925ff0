import { waiverFor } from '../../../domain/plan/waiving.ts'
import { said } from '../../../domain/words/said.ts'
import { EntryNotReadyError } from '../../entry/look.ts'
import { mainProcessScript } from '../../entry/service-process.ts'
import { quote } from '../../ssh/quote.ts'
import { asRoot } from '../../ssh/root.ts'
import type { StepContext } from '../kind.ts'
import { type EndpointHttpParams, linesOf } from './params.ts'
import { changedServers, type CommandSocket, commandSockets, runtimeServers } from './runtime-servers.ts'

const askMs = 30_000

/**
 * Looks whether servers of an haproxy are as its configuration has them: what somebody set by its socket (maintenance, a drain, a weight, an
 * address) is lost at the reload of a switch (https://github.com/haproxy/haproxy/issues/2085).
 * @returns `unseen` where nobody could ask; `none` where the proxy keeps no such states
 * @throws EntryNotReadyError with every server that no waiver covers
 */
export async function assertAsConfigured(
  params: EndpointHttpParams,
  { config, withoutRoot }: { readonly config: string; readonly withoutRoot: boolean },
  context: StepContext,
): Promise<'seen' | 'unseen' | 'none'> {
  if (params.proxy === 'nginx') return 'none'
  const host = context.host(params.host)
  const { service } = params
  const { serviceDir } = host
  for (const socket of commandSockets(config)) {
    const script = askScript(mainProcessScript({ service, serviceDir, withoutRoot: true }), socket)
    const { stdout } = await host.run(asRoot(script, withoutRoot), {
      timeoutMs: askMs,
      signal: context.signal,
    })
    const servers = runtimeServers(stdout)
    if (servers === undefined) continue
    const switched = [...linesOf(params).servers, ...params.besides.flat()]
    const waiving = waiverFor(params.waivers)
    const problems = changedServers(config, servers, { backend: params.backend, switched })
      .filter(({ object }) => waiving('server-set-by-socket', object) === undefined)
      .map(({ object, found, back }) =>
        said('server-set-by-socket', { entry: host.name, found, back: back.join('; '), object }),
      )
    if (problems.length > 0) throw new EntryNotReadyError(host.name, problems)
    return 'seen'
  }
  return 'unseen'
}

/** The path of a socket may be relative to where haproxy runs, and longer than one may be that is connected to: it is gone to. */
function askScript(main: string, socket: CommandSocket): string {
  const [kind, address, port] =
    socket.kind === 'tcp' ? ['tcp', socket.address, String(socket.port)] : ['unix', socket.path, '']
  return `${main}
kind=${kind} address=${quote(address)} port=${quote(port)}
if [ "$kind" = unix ]; then
  case $address in /*) ;; *) address=$(readlink "/proc/$main/cwd")/$address ;; esac
  cd "\${address%/*}" 2>/dev/null || exit 0
  address=\${address##*/}
fi
{ if command -v perl >/dev/null; then perl -MIO::Socket -e ${quote(byPerl)} "$kind" "$address" "$port"
elif command -v python3 >/dev/null; then python3 -c ${quote(byPython)} "$kind" "$address" "$port"
elif command -v socat >/dev/null; then
  if [ "$kind" = unix ]; then to="UNIX-CONNECT:$address"; else to="TCP:$address:$port"; fi
  printf 'show servers state\\n' | socat -t 5 - "$to"
fi; } 2>/dev/null
true`
}

const byPerl = `alarm 10; my ($k, $a, $p) = @ARGV;
my $s = $k eq "unix" ? IO::Socket::UNIX->new(Peer => $a) : IO::Socket::INET->new(PeerAddr => $a, PeerPort => $p, Timeout => 5);
$s or exit; $s->autoflush(1); print $s "show servers state\\n"; print while <$s>;`

const byPython = `import signal, socket, sys
signal.alarm(10)
k, a, p = sys.argv[1:4]
if k == "unix":
    s = socket.socket(socket.AF_UNIX); s.connect(a)
else:
    s = socket.create_connection((a, int(p)), 5)
s.sendall(b"show servers state\\n")
while True:
    d = s.recv(65536)
    if not d: break
    sys.stdout.buffer.write(d)`
