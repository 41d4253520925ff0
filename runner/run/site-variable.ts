import type { SiteOfApplication } from '../../domain/plan/places.ts'

/** A site in expressions, with address and port of its URL as separate members for configuration files. */
export function siteVariable(site: SiteOfApplication) {
  const { hostname, port, protocol } = new URL(site.url)
  const usual = protocol === 'https:' ? 443 : 80
  return { ...site, address: hostname, port: port === '' ? usual : Number(port) }
}
