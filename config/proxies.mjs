/** The machine itself, in every form in which the programs here look a host up in `no_proxy`; hosts of a lab included. */
const loopback = [
  'localhost',
  '127.0.0.1',
  '127.0.0.11',
  '127.0.0.12',
  '127.0.0.13',
  '127.0.0.14',
  '127.0.0.0/8',
  '::1',
  '[::1]',
]

const names = ['http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy', 'grpc_proxy']
const alike = [
  ['http_proxy', ['all_proxy', 'https_proxy']],
  ['https_proxy', ['all_proxy', 'http_proxy']],
]
const exceptions = ['no_proxy', 'no_grpc_proxy']

/**
 * Puts the proxies of an environment into the form that all programs read: both spellings of each name, an address with its
 * scheme, and this machine in the exceptions. Programs differ in the spelling they read (apt and gRPC the lower case alone)
 * and send 127.0.0.1 to the proxy where nothing excepts it. Changes `env`.
 */
export function settleProxies(env) {
  for (const name of names) {
    const given = read(env, name)
    if (given !== undefined) write(env, name, given.includes('://') ? given : `http://${given}`)
  }
  if (names.every((name) => read(env, name) === undefined)) return
  // Who names one proxy has one: pip and npm ask for https what was named for http alone, apt the other way round.
  for (const [name, others] of alike) {
    const other = others.map((one) => read(env, one)).find((value) => value !== undefined)
    if (read(env, name) === undefined && other !== undefined) write(env, name, other)
  }
  for (const name of exceptions) {
    const given = [env[name], env[name.toUpperCase()]].flatMap((list) => list?.split(',') ?? [])
    const hosts = new Set([...given.map((host) => host.trim()).filter(Boolean), ...loopback])
    if (name === 'no_proxy' || given.length > 0) write(env, name, hosts.has('*') ? '*' : [...hosts].join(','))
  }
}

/** The variables of an environment that name proxies, as `name=value`: sudo passes none of them on by itself. */
export function proxyAssignments(env) {
  return [...names, ...exceptions].flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []))
}

/** Whether a host, as an address names it, is this machine without any network. */
export function isLoopback(host) {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host)
}

function read(env, name) {
  const value = (env[name] ?? '').trim() || (env[name.toUpperCase()] ?? '').trim()
  return value === '' ? undefined : value
}

function write(env, name, value) {
  env[name] = value
  env[name.toUpperCase()] = value
}
