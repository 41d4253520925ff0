import { dirname } from 'node:path/posix'
import { say } from '../../../domain/words/said.ts'
import { checkHttp } from '../../http/check.ts'
import { assertEntryReady, type EntryLook } from '../../entry/look.ts'
import { assertQuickSudo } from '../../entry/quick-sudo.ts'
import type { ProxyPorts } from '../../entry/selinux.ts'
import { type FileText, textOf } from '../../ssh/file-text.ts'
import { quote } from '../../ssh/quote.ts'
import { digestOf } from '../../ssh/replace-file.ts'
import { carryOutOrReplan } from '../carry-out.ts'
import type { Command, StepContext, StepResult } from '../kind.ts'
import { CommandFailedError } from '../../ssh/errors.ts'
import { assertAsConfigured } from './ask-runtime.ts'
import { idleConnectionsCut } from './idle-connections.ts'
import { EndpointNotSwitchableError, inTheWay } from './in-the-way.ts'
import { serverAddresses, withServerAddresses } from './proxy-config.ts'
import { assertOldEnded } from './old-processes.ts'
import { refusedConfig } from './refused-config.ts'
import { notTakenExit, ProxyNotReloadedError, reloadScript } from './reload.ts'
import { implementKind } from '../implement-kind.ts'
import { type EndpointHttpParams, endpointHttp, linesOf } from './params.ts'
import { assertUpstreamsAnswer } from './upstreams.ts'

interface EndpointHttpFacts {
  /** The present configuration. It is not kept for undo, which starts from the configuration of its own time. */
  readonly config: FileText & { readonly digest: string }
  /** The address of each server line. */
  readonly addresses: readonly string[]
  /** SHA-256 of the configuration that the service last loaded, as noted in `noteFile`; empty if never. */
  readonly loadedDigest: string
  readonly noteFile: string
  /** The folder of runit services; undefined if systemd manages the service. */
  readonly serviceDir?: string
  /** False if the login user may not replace the file, or if systemd manages the service. */
  readonly withoutRoot: boolean
}

/** Carries {@link endpointHttp} out. */
export const implementation = implementKind<EndpointHttpParams, EndpointHttpFacts>(endpointHttp, {
  interrupted: () => 'plan-again',
  gather,
  keep: (facts) => ({ ...facts, config: { text: '', encoding: 'utf8', digest: '' } }),
  plan: (params, facts) =>
    params.state === 'switchable'
      ? [
          {
            do: 'procedure',
            name: 'look',
            title: `look whether ${params.service} can be switched`,
            changesNothing: true,
          },
        ]
      : point(params, facts, linesOf(params).addresses),
  async carryOut(params, facts, commands, context) {
    if (params.state === 'switchable') {
      const { config, addresses } = facts
      const problems = [
        ...inTheWay(config.text, {
          ...params,
          ...linesOf(params),
          present: addresses,
          besides: params.besides.flat(),
        }),
        ...(await refusedConfig(params, facts, context)),
      ]
      if (problems.length > 0) {
        const { name } = context.host(params.host)
        throw new EndpointNotSwitchableError(name, params.configFile, problems)
      }
      const runtime = await assertAsConfigured(params, { ...facts, config: config.text }, context)
      if (runtime === 'unseen')
        context.say(
          `${params.configFile} has no socket at which ${params.service} answers: what was set there was not looked at`,
        )
      const ports = { present: portsIn(addresses), next: portsIn(linesOf(params).addresses) }
      const looked = await entryReady(params, context, ports)
      if (params.asked !== false)
        await assertUpstreamsAnswer(params, { config: config.text, present: addresses }, context)
      const cut = idleConnectionsCut(config.text, params)
      if (cut !== undefined) context.say(say('en', cut))
      return {
        changed: false,
        ...(await probe(params, context)),
        ...looked,
        idleConnectionsCut: cut !== undefined,
        ...(runtime !== 'none' && { setBySocket: runtime }),
      }
    }
    if (params.asked === true) {
      const { config, addresses: present } = facts
      await assertUpstreamsAnswer(params, { config: config.text, present }, context)
    }
    await pointed(params, context, commands, async () =>
      point(params, await gather(params, context), linesOf(params).addresses),
    )
    const served = await probe(params, context)
    const { addresses: from } = facts
    const to = linesOf(params).addresses
    return { from: oneOrAll(from), to: oneOrAll(to), changed: differ(from, to), ...served }
  },
  /** Restores only the server lines: other moves and people may have changed the rest of the file. */
  async carryOutUndo(params, factsBefore, context) {
    const before = addressesBefore(factsBefore)
    if (!differ(before, linesOf(params).addresses)) return { changed: false }
    const back = async () => point(params, await gather(params, context), before)
    await pointed(params, context, await back(), back)
    return { to: oneOrAll(before) }
  },
})

/** @throws ProxyNotReloadedError; OldProxyProcessError */
async function pointed(
  { host: hostName, service, configFile, waivers }: EndpointHttpParams,
  context: StepContext,
  ...[commands, replan]: [readonly Command[], () => Promise<readonly Command[]>]
): Promise<void> {
  const host = context.host(hostName)
  try {
    await carryOutOrReplan(commands, context, replan)
  } catch (error) {
    if (error instanceof CommandFailedError && error.exitCode === notTakenExit)
      throw new ProxyNotReloadedError(host.name, service, configFile)
    throw error
  }
  if (commands.length === 0) return
  const proxy = { service, configFile }
  const processes = await assertOldEnded({ host, hostName, proxy, waivers, signal: context.signal })
  if (processes === 'unseen')
    context.say(`who takes connections on the ports of ${service} could not be seen`)
}

/** Facts of older runs have one server line, and its address in `address`. */
function addressesBefore(facts: EndpointHttpFacts & { readonly address?: string }): readonly string[] {
  return facts.address === undefined ? facts.addresses : [facts.address]
}

function differ(before: readonly string[], after: readonly string[]): boolean {
  return after.some((address, index) => address !== before[index])
}

const oneOrAll = (addresses: readonly string[]): string | readonly string[] =>
  addresses.length === 1 ? (addresses[0] ?? '') : addresses

async function gather(params: EndpointHttpParams, context: StepContext): Promise<EndpointHttpFacts> {
  const host = context.host(params.host)
  const bytes = await host.readFile(params.configFile)
  const config = { ...textOf(bytes), digest: digestOf(bytes) }
  const note = `loaded/${digestOf(params.configFile)}`
  const { stdout } = await host.run(
    `printf '%s\n' "$HOME"
cat "$HOME/.qianyun/"${note} 2>/dev/null || echo
id -u
file=$(readlink -f -- ${quote(params.configFile)})
if [ -O "$file" ] && [ -w "\${file%/*}" ]; then echo ours; else echo guarded; fi`,
    { signal: context.signal },
  )
  const [home = '', loadedDigest = '', uid, access] = stdout.split('\n')
  const { serviceDir } = host
  return {
    config,
    addresses: serverAddresses(config.text, { ...params, ...linesOf(params) }),
    loadedDigest,
    noteFile: `${home}/.qianyun/${note}`,
    withoutRoot: uid === '0' || (access === 'ours' && serviceDir !== undefined),
    ...(serviceDir === undefined ? {} : { serviceDir }),
  }
}

function point(
  params: EndpointHttpParams,
  facts: EndpointHttpFacts,
  to: readonly string[],
): readonly Command[] {
  const { host, configFile: path, service } = params
  const { config, addresses, noteFile, withoutRoot } = facts
  const { servers } = linesOf(params)
  const content = Buffer.from(withServerAddresses(config.text, { ...params, servers }, to), config.encoding)
  const changed = servers.flatMap((server, index) =>
    addresses[index] === to[index]
      ? []
      : [`${params.backend}/${server} ${addresses[index] ?? ''} → ${to[index] ?? ''}`],
  )
  const digest = digestOf(content)
  const commands: Command[] = []
  if (changed.length > 0) {
    commands.push({
      do: 'write-file',
      host,
      title: `${path}: ${changed.join(', ')}`,
      path,
      content,
      shownAs: changed.join('\n'),
      expected: config.digest,
      withSudo: !withoutRoot,
      ...checks[params.proxy],
    })
  }
  // A run may have ended between the new file and the reload, so the loaded configuration is noted, not guessed.
  if (changed.length > 0 || facts.loadedDigest !== digest) {
    commands.push({
      do: 'shell',
      host,
      title: `reload ${service}`,
      script: `set -e
${reloadScript({ service, withoutRoot, ...(facts.serviceDir !== undefined && { serviceDir: facts.serviceDir }) })}
mkdir -p ${quote(dirname(noteFile))}
printf '%s\n' ${digest} >${quote(noteFile)}`,
    })
  }
  return commands
}

/** nginx checks its configuration as a whole, so the new file must be in place while it is checked. */
const checks = {
  haproxy: {
    check: `said=$(haproxy -c -f "$new" 2>&1) ||
  { printf '%s\n' "$said" | grep -v -e 'Fatal errors' -e 'Error(s) found' >&2; exit 1; }`,
  },
  nginx: {
    checkInPlace: `said=$(nginx -t -q 2>&1) || { printf '%s\n' "$said" | grep -v 'test failed' >&2; exit 1; }`,
  },
} as const

function portsIn(addresses: readonly string[]): readonly number[] {
  return addresses.map((address) => Number(/:(\d+)$/.exec(address)?.[1] ?? NaN))
}

async function entryReady(
  params: EndpointHttpParams,
  context: StepContext,
  ports: ProxyPorts,
): Promise<Partial<EntryLook>> {
  const { probe: asked, behind, waivers, service, configFile } = params
  if (asked === undefined) return {}
  const hosts = [params.host, ...behind.map(({ host }) => host)]
  await assertQuickSudo(
    hosts.map((name) => ({ name, host: context.host(name) })),
    waivers,
    context.signal,
  )
  const applications = behind.map(({ host, ...at }) => ({ ...at, host: context.host(host) }))
  const entry = { url: asked.url, entry: context.host(params.host), entryName: params.host }
  const looked = { ...entry, behind: applications, proxy: { service, configFile }, ports }
  const found = await assertEntryReady({ ...looked, signal: context.signal }, waivers)
  for (const address of found.unknownAddresses)
    context.say(`${asked.url}: whether ${address} leads to this proxy is unknown`)
  if (found.processes === 'unseen')
    context.say(`who takes connections on the ports of ${service} could not be seen`)
  return found
}

async function probe(params: EndpointHttpParams, context: StepContext): Promise<StepResult> {
  if (params.probe === undefined) return {}
  const { answer: _, ...found } = await checkHttp(params.probe, params.probe, {
    attempts: params.probe.attempts,
    intervalMs: params.probe.intervalMs,
    signal: context.signal,
  })
  return { probe: { url: params.probe.url, ...found } }
}
