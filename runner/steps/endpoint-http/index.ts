import { createHash } from 'node:crypto'
import { dirname } from 'node:path/posix'
import { z } from 'zod'
import { Identifier } from '../../../domain/identifier.ts'
import { checkHttp } from '../../http/check.ts'
import { expectationShape } from '../../http/expectation.ts'
import { quote } from '../../ssh/quote.ts'
import { carryOutCommands } from '../carry-out.ts'
import type { Command, StepContext, StepKind, StepResult } from '../kind.ts'
import { asRoot } from '../../ssh/root.ts'
import { serverAddress, withServerAddress } from './proxy-config.ts'

const EndpointHttpParams = z.strictObject({
  host: Identifier,
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: z.string().startsWith('/'),
  service: z.string().regex(/^[A-Za-z0-9@_.-]+$/, 'must be the name of a service'),
  backend: z.string().regex(/^[A-Za-z0-9_.:-]+$/, 'must be the name of a backend or upstream'),
  server: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]+$/, 'must be the name of a server')
    .default('server'),
  /** Where requests go from now on. */
  to: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'must be an address with a port: 10.1.2.3:8080'),
  /** Asked through the endpoint afterwards; tells by its answer which side serves. */
  probe: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      ...expectationShape,
      attempts: z.int().min(1).max(1000).default(40),
      intervalMs: z.int().min(10).max(60_000).default(250),
      timeoutMs: z.int().min(1).max(60_000).default(2000),
    })
    .optional(),
})
type EndpointHttpParams = z.infer<typeof EndpointHttpParams>

interface EndpointHttpFacts {
  readonly config: string
  readonly address: string
  /** SHA-256 of the configuration the service last took over, as this kind noted it; empty when never. */
  readonly loadedDigest: string
  /** Folder of the runit service, or undefined where systemd is in charge. */
  readonly serviceDir?: string
  /** False where the login user may not replace the file itself, or systemd has to be asked. */
  readonly withoutRoot: boolean
}

/** Points a reverse proxy at another address: validated before it is put in place, replaced by rename, reloaded. */
export const endpointHttp: StepKind<EndpointHttpParams, EndpointHttpFacts> = {
  name: 'endpoint-http',
  title: { zh: '切换 HTTP 入口', en: 'Switch the HTTP endpoint' },
  params: EndpointHttpParams,
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const host = context.host(params.host)
    const config = (await host.readFile(params.configFile)).toString('utf8')
    const file = quote(params.configFile)
    const { stdout } = await host.run(`cat ${file}.loaded 2>/dev/null || echo
id -u
if [ -w ${file} ] && [ -w ${quote(dirname(params.configFile))} ]; then echo writable; else echo guarded; fi`)
    const [loadedDigest = '', uid, access] = stdout.split('\n')
    const { serviceDir } = host
    return {
      config,
      address: serverAddress(config, params),
      loadedDigest,
      withoutRoot: uid === '0' || (access === 'writable' && serviceDir !== undefined),
      ...(serviceDir === undefined ? {} : { serviceDir }),
    }
  },
  plan(params, facts) {
    const wanted = withServerAddress(facts.config, params, params.to)
    return putInPlace(params, facts, wanted, `${facts.address} → ${params.to}`)
  },
  undo(params, factsBefore) {
    const changed = withServerAddress(factsBefore.config, params, params.to)
    if (changed === factsBefore.config) return []
    const facts = { ...factsBefore, config: changed, loadedDigest: digestOf(changed) }
    return putInPlace(params, facts, factsBefore.config, `back to ${factsBefore.address}`)
  },
  async carryOut(params, facts, commands, context) {
    await carryOutCommands(commands, context)
    const served = await probe(params, context)
    return { from: facts.address, to: params.to, changed: facts.address !== params.to, ...served }
  },
}

function putInPlace(
  params: EndpointHttpParams,
  facts: EndpointHttpFacts,
  wanted: string,
  what: string,
): readonly Command[] {
  const file = quote(params.configFile)
  const commands: Command[] = []
  if (wanted !== facts.config) {
    commands.push({
      do: 'shell',
      host: params.host,
      title: `${params.configFile}: ${params.backend}/${params.server} ${what}`,
      script: asRoot(
        params.proxy === 'haproxy' ? replaceHaproxy(file, wanted) : replaceNginx(file, wanted),
        facts.withoutRoot,
      ),
      stdin: wanted,
    })
  }
  // A run may have ended between the new file and the reload: what was taken over is noted, not guessed.
  if (wanted !== facts.config || facts.loadedDigest !== digestOf(wanted)) {
    commands.push({
      do: 'shell',
      host: params.host,
      title: `reload ${params.service}`,
      script: asRoot(
        `${searchPath}\n${reload(params.service, facts.serviceDir)}\nprintf '%s\\n' ${digestOf(wanted)} > ${file}.loaded`,
        facts.withoutRoot,
      ),
    })
  }
  return commands
}

const searchPath = 'set -e; PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"'

/**
 * `cp -p` first, so that the new file has the old one's mode and owner. The size is compared because a connection that
 * breaks looks like the end of the input, and half a configuration may well be a valid one.
 */
function writeNext(file: string, wanted: string): string {
  return `${searchPath}
trap 'rm -f ${file}.next' EXIT
cp -p ${file} ${file}.next
cat > ${file}.next
[ "$(wc -c < ${file}.next)" -eq ${Buffer.byteLength(wanted)} ]`
}

function replaceHaproxy(file: string, wanted: string): string {
  return `${writeNext(file, wanted)}
said=$(haproxy -c -f ${file}.next 2>&1) || { printf '%s\n' "$said" | grep -v -e 'Fatal errors' -e 'Error(s) found' >&2; exit 1; }
mv ${file}.next ${file}`
}

/** nginx checks its configuration as a whole, so the new file must be in place while it is checked. */
function replaceNginx(file: string, wanted: string): string {
  return `${writeNext(file, wanted)}
cp -p ${file} ${file}.before
mv ${file}.next ${file}
nginx -t -q || { mv ${file}.before ${file}; exit 1; }
rm -f ${file}.before`
}

function reload(service: string, serviceDir: string | undefined): string {
  return serviceDir === undefined
    ? `systemctl reload ${quote(service)}`
    : `sv hup ${quote(`${serviceDir}/${service}`)}`
}

async function probe(params: EndpointHttpParams, context: StepContext): Promise<StepResult> {
  if (params.probe === undefined) return {}
  const { attempts, elapsedMs } = await checkHttp(params.probe, params.probe, {
    attempts: params.probe.attempts,
    intervalMs: params.probe.intervalMs,
    signal: context.signal,
  })
  return { probe: { url: params.probe.url, attempts, elapsedMs } }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
