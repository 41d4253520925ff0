import { z } from 'zod'
import { urlPort } from './http-address.ts'
import { Identifier } from './identifier.ts'
import { wanted } from './schema-problems.ts'

/** What a secret may be used for. */
export const secretPurposes = [
  'ssh-login',
  'sudo',
  'database-admin',
  'database-application',
  'pooler',
  'host-file',
  'http-request',
] as const
export type SecretPurpose = (typeof secretPurposes)[number]

/** One use of a secret: what for, and where it is sent. */
export interface SecretUse {
  readonly purpose: SecretPurpose
  /** `address:port`; of `host-file` and `sudo` the address of the host alone, on which it is written or given. */
  readonly address: string
}

/** Who asks for a secret: the system of a plan, for which its organisations answer. */
export interface SecretFor {
  readonly plan: string
  readonly system: string
  readonly organisations: readonly string[]
}

export const UseAddress = z
  .string()
  .regex(/^(?!-)[A-Za-z0-9.:[\]-]{1,260}$/, wanted('address-and-port'))
  .transform(useAddress)

/**
 * What a secret was put there for. Its organisation answers for it: that organisation alone lets it be used at another address.
 * A secret has as many bindings as systems and purposes share it.
 */
export const SecretBinding = z.strictObject({
  organisation: Identifier,
  system: Identifier,
  purpose: z.enum(secretPurposes),
  addresses: z.array(UseAddress).min(1).max(1000),
})
export type SecretBinding = z.infer<typeof SecretBinding>

/** An address as it is compared: case and a closing dot make no difference; every other spelling is another address. */
export function useAddress(address: string): string {
  return address.toLowerCase().replace(/\.(?=:\d+$|$)/, '')
}

export function addressOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return useAddress(`${address.includes(':') ? `[${address}]` : address}:${String(port)}`)
}

/** A secret that is written on a host. */
export function onHost(address: string): SecretUse {
  return { purpose: 'host-file', address: useAddress(address) }
}

/** A password that is given to sudo on a host. */
export function toSudo(address: string): SecretUse {
  return { purpose: 'sudo', address: useAddress(address) }
}

/** A secret that is sent in a request to the server of a URL. */
export function toUrl(text: string): SecretUse {
  const url = new URL(text)
  return { purpose: 'http-request', address: useAddress(`${url.hostname}:${String(urlPort(url))}`) }
}
