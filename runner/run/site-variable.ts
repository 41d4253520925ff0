import { urlPort } from '../../domain/http-address.ts'
import type { SiteOfApplication } from '../../domain/plan/places.ts'

/** A site in expressions, with address and port of its URL as separate members for configuration files. */
export function siteVariable(site: SiteOfApplication) {
  const url = new URL(site.url)
  return { ...site, address: url.hostname, port: urlPort(url) }
}
