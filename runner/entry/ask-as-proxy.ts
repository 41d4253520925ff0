import { quote } from '../ssh/quote.ts'
import { asRootIfAllowed } from '../ssh/root.ts'
import type { HostPort } from '../steps/kind.ts'
import type { UpstreamTls, UpstreamWay } from './upstream-ways.ts'

/** An address behind a proxy that does not answer the way the proxy asks, while those that serve at present do. */
export interface RefusedWay {
  readonly way: UpstreamWay
  readonly address: string
  /** Its own words, or the status of its answer. */
  readonly found: string
  /** What those that serve at present answer. */
  readonly present: string
}

export interface UpstreamsAsked {
  readonly refused: readonly RefusedWay[]
  /** Ways that could not be tried: the host of the proxy has nothing to ask with. */
  readonly unasked: readonly UpstreamWay[]
}

export interface AskedUpstreams {
  readonly ways: readonly UpstreamWay[]
  readonly path: string
  readonly present: readonly string[]
  readonly next: readonly string[]
}

const eachSeconds = 5
const lookMs = 60_000

/**
 * Asks addresses behind a proxy from its own host and as its configuration has it ask: with the same name, header Host and checks. What those
 * that serve at present answer is the measure, so that an answer nobody minds today (401, a redirect) is none tomorrow.
 * @throws the SSH error if the host cannot be reached
 */
export async function askAsProxy(
  host: HostPort,
  { ways, path, present, next }: AskedUpstreams,
  signal?: AbortSignal,
): Promise<UpstreamsAsked> {
  const addresses = [...new Set([...present, ...next])]
  const questions = ways.flatMap((way) => addresses.map((address) => ({ way, address })))
  if (questions.length === 0) return { refused: [], unasked: [] }
  const script = questions
    .map((one, index) => `ask ${String(index)} ${commandFor(one.way, one.address, path)} &`)
    .join('\n')
  const { stdout } = await host.run(asRootIfAllowed(`${functions}\n${script}\nwait`), {
    timeoutMs: lookMs,
    ...(signal && { signal }),
  })
  const answers = new Map(
    stdout.split('\n').flatMap((line) => {
      const [, index, text] = /^answer (\d+) (.*)$/.exec(line) ?? []
      return index === undefined ? [] : [[Number(index), (text ?? '').trim()] as const]
    }),
  )
  const answerOf = (way: UpstreamWay, address: string): string =>
    answers.get(questions.findIndex((one) => one.way === way && one.address === address)) ?? nothingToAskWith
  const refused = ways.flatMap((way) => {
    const now = present.map((address) => answerOf(way, address))
    return next.flatMap((address) => {
      const found = answerOf(way, address)
      const isAlike = now.some((one) => one === found)
      return found === nothingToAskWith || isGood(found) || isAlike
        ? []
        : [{ way, address, found, present: now[0] ?? '-' }]
    })
  })
  const unasked = ways.filter((way) => next.some((address) => answerOf(way, address) === nothingToAskWith))
  return { refused, unasked }
}

const nothingToAskWith = 'nothing to ask with'
const isGood = (answer: string): boolean => /^HTTP [123]\d\d$/.test(answer)

/** The answer is a status, or the last line in which the program that asked says why there is none. */
const functions = `PATH="$PATH:/usr/sbin:/sbin"
ask() {
  index=$1; shift
  if ! command -v "\${1%_get}" >/dev/null 2>&1; then echo "answer $index ${nothingToAskWith}"; return; fi
  said=$("$@" 2>&1 | tr -d '\\r\\000' | head -c 4000)
  status=$(printf '%s\\n' "$said" | sed -n 's,^HTTP/[0-9.]* \\([0-9][0-9][0-9]\\).*,\\1,p' | head -n 1)
  if [ -n "$status" ]; then echo "answer $index HTTP $status"; return; fi
  echo "answer $index $(printf '%s\\n' "$said" | grep -iE 'error|alert|refused|timed out|unable|failed|curl:' | sed 's/^[0-9A-F]*:error:/error:/; s,:\\.\\./.*,,' | head -n 1 | cut -c 1-200)"
}
openssl_get() {
  request=$1; shift
  printf "$request" | SSL_CERT_DIR=/dev/null timeout ${String(eachSeconds)} openssl s_client "$@" -quiet
}`

function commandFor({ host, tls }: UpstreamWay, address: string, path: string): string {
  if (tls === undefined)
    return `curl -sS -i -m ${String(eachSeconds)} --noproxy '*' -H ${quote(`Host: ${host}`)} ${quote(`http://${address}${path}`)}`
  const printable = (text: string) => text.replaceAll('%', '%%').replaceAll('\\', '\\\\')
  const request = `GET ${printable(path)} HTTP/1.1\\r\\nHost: ${printable(host)}\\r\\nConnection: close\\r\\n\\r\\n`
  return `openssl_get ${quote(request)} -connect ${quote(address)} ${optionsFor(tls)}`
}

function optionsFor({ serverName, verify, certificate }: UpstreamTls): string {
  return [
    ...(serverName === undefined ? ['-noservername'] : ['-servername', quote(serverName)]),
    ...(verify === undefined ? [] : ['-CAfile', quote(verify.caFile), '-verify_return_error']),
    ...(verify?.name === undefined ? [] : ['-verify_hostname', quote(verify.name)]),
    ...(certificate === undefined ? [] : ['-cert', quote(certificate.file)]),
    ...(certificate?.keyFile === undefined ? [] : ['-key', quote(certificate.keyFile)]),
  ].join(' ')
}
