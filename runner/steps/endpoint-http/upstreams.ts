import { waiverFor } from '../../../domain/plan/waiving.ts'
import type { Said } from '../../../domain/words/message.ts'
import { inForeignWords, said } from '../../../domain/words/said.ts'
import { askAsProxy } from '../../entry/ask-as-proxy.ts'
import { EntryNotReadyError } from '../../entry/look.ts'
import { type UpstreamWay, upstreamWays } from '../../entry/upstream-ways.ts'
import { asRootIfAllowed } from '../../ssh/root.ts'
import type { HostPort, StepContext } from '../kind.ts'
import { type EndpointHttpParams, linesOf } from './params.ts'

/**
 * Asks the applications that are to take over as the proxy will ask them, from its host.
 * @throws EntryNotReadyError where one does not answer so, and the one that serves does
 */
export async function assertUpstreamsAnswer(
  params: EndpointHttpParams,
  { config, present }: { readonly config: string; readonly present: readonly string[] },
  context: StepContext,
): Promise<void> {
  const { host: entryName, proxy, backend, waivers } = params
  if (params.probe === undefined || waiverFor(waivers)('upstream-refuses', entryName) !== undefined) return
  const url = new URL(params.probe.url)
  const host = context.host(entryName)
  const { servers, addresses } = linesOf(params)
  const whole = proxy === 'nginx' ? await wholeConfig(host, config, context.signal) : config
  const ways = upstreamWays(whole, { proxy, backend, servers, url })
  const path = `${url.pathname}${url.search}`
  const { refused, unasked } = await askAsProxy(
    host,
    { ways, path, present, next: addresses },
    context.signal,
  )
  for (const way of unasked)
    context.say(
      `"${host.name}" has no ${way.tls === undefined ? 'curl' : 'openssl'}: nobody asked as the proxy does`,
    )
  if (refused.length === 0) return
  const problems = refused.map(({ way, address, ...heard }) =>
    said('upstream-refuses', {
      entry: host.name,
      address,
      way: wayOf(way),
      found: inForeignWords(heard.found),
      present: inForeignWords(heard.present),
      object: entryName,
    }),
  )
  throw new EntryNotReadyError(url.hostname, problems)
}

function wayOf({ host, tls }: UpstreamWay): Said {
  if (tls === undefined) return said('way-in-clear', { host })
  const { serverName, verify } = tls
  return said('way-by-tls', {
    host,
    serverName:
      serverName === undefined
        ? said('server-name-not-sent')
        : said('server-name-sent', { name: serverName }),
    check:
      verify === undefined
        ? said('certificate-not-checked')
        : said('certificate-checked', { caFile: verify.caFile }),
  })
}

const dumpMs = 20_000

/** What nginx reads, included files with it; the file of the plan by itself where the login user may not have that. */
async function wholeConfig(host: HostPort, config: string, signal: AbortSignal): Promise<string> {
  const dump = `PATH="$PATH:/usr/sbin:/sbin"; nginx -T 2>/dev/null | tr -d '\\000'`
  const { stdout } = await host.run(asRootIfAllowed(dump), { timeoutMs: dumpMs, signal })
  return stdout.includes('# configuration file ') ? stdout : config
}
