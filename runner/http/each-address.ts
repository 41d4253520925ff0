import { isIP, type LookupFunction } from 'node:net'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { addressesOf } from '../ssh/addresses.ts'

/** The addresses that the name in a URL leads to; of one that names an address, or `localhost`, only that. */
export async function addressesOfUrl(url: string): Promise<readonly string[]> {
  return addressesOf(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** What was found, with the address at which, where the name leads to several. */
export function atAddress(address: string | undefined, finding: Said): Said {
  return address === undefined ? finding : said('http-at-address', { address, finding })
}

/** Resolves every name to one address: the certificate and the request still go by the name. */
export function leadingTo(address: string): LookupFunction {
  return (_, options, found) => {
    const family = isIP(address)
    if (options.all === true) found(null, [{ address, family }])
    else found(null, address, family)
  }
}
