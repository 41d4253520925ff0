import { inForeignWords, said } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'
import { quote } from '../../ssh/quote.ts'
import { asRoot } from '../../ssh/root.ts'
import type { StepContext } from '../kind.ts'
import type { EndpointHttpParams } from './params.ts'

const checkMs = 30_000

/**
 * What a proxy says of its configuration as it is, where it would refuse it at a reload: a change that nobody has loaded, a certificate that is
 * gone, the name of another server that does not resolve any more (https://github.com/vfarcic/docker-flow-proxy/issues/224).
 */
export async function refusedConfig(
  { host: hostName, proxy, configFile }: EndpointHttpParams,
  { withoutRoot }: { readonly withoutRoot: boolean },
  context: StepContext,
): Promise<readonly Said[]> {
  const check = proxy === 'nginx' ? 'nginx -t -q' : `haproxy -c -f ${quote(configFile)}`
  const script = `PATH="$PATH:/usr/sbin:/sbin"; command -v ${proxy} >/dev/null || exit 0
said=$(${check} 2>&1) || printf '%s\\n' "$said" | grep -v -e 'Fatal errors' -e 'Error(s) found' -e 'test failed' -e NOTICE | head -n 3
true`
  const { stdout } = await context
    .host(hostName)
    .run(asRoot(script, withoutRoot), { timeoutMs: checkMs, signal: context.signal })
  const because = stdout.trim().replace(/\s+/g, ' ')
  return because === '' ? [] : [said('proxy-refuses-config', { because: inForeignWords(because) })]
}
