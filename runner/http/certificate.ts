import { isIP } from 'node:net'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { urlPort } from '../../domain/http-address.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { messageOf } from '../../domain/errors.ts'
import { addressesOfUrl } from './each-address.ts'

/** The instant at which the first certificate that an address shows ends; otherwise why that is unknown. */
export type CertificateEnd = { readonly endsAtMs: number } | { readonly unknownBecause: Said }

/**
 * Looks at the certificates that an https address shows, with their issuers, at each address of its name, and gives the
 * earliest end. Nothing is sent, and who has signed them is no question here. Never throws.
 */
export async function certificateEnd(url: string, timeoutMs: number): Promise<CertificateEnd> {
  if (new URL(url).protocol !== 'https:') return { unknownBecause: said('certificate-not-https') }
  try {
    const addresses = await addressesOfUrl(url)
    const ends = await Promise.all(addresses.map(async (address) => endAt(url, address, timeoutMs)))
    return { endsAtMs: Math.min(...ends) }
  } catch (error) {
    return { unknownBecause: said('no-answer', { reason: inForeignWords(messageOf(error).slice(0, 200)) }) }
  }
}

async function endAt(url: string, address: string, timeoutMs: number): Promise<number> {
  const parsed = new URL(url)
  const { hostname } = parsed
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port: urlPort(parsed),
      ...(isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0 && { servername: hostname }),
      // One that has ended is to be seen as well. Nothing is sent over the connection.
      rejectUnauthorized: false,
    })
    const timer = setTimeout(() => {
      socket.destroy(new Error(`no TLS handshake within ${String(timeoutMs)} ms`))
    }, timeoutMs)
    socket.once('error', reject)
    socket.once('close', () => {
      clearTimeout(timer)
      reject(new Error('the connection was closed'))
    })
    socket.once('secureConnect', () => {
      resolve(earliestEnd(socket.getPeerCertificate(true)))
      socket.destroy()
    })
  })
}

/** A root, which has issued itself, is the last in the chain. */
function earliestEnd(shown: DetailedPeerCertificate): number {
  const ends = [Date.parse(shown.valid_to)]
  const seen = new Set([shown.fingerprint256])
  let next = issuerOf(shown)
  while (next !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    ends.push(Date.parse(next.valid_to))
    next = issuerOf(next)
  }
  return Math.min(...ends)
}

/** Absent where the address does not show it. */
function issuerOf({
  issuerCertificate,
}: Partial<DetailedPeerCertificate>): DetailedPeerCertificate | undefined {
  return issuerCertificate
}
