import { readFileSync } from 'node:fs'

const required = [
  'SITE',
  'LISTEN_HOST',
  'LISTEN_PORT',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_PASSWORD_FILE',
  'UPLOAD_DIR',
]

/** Reads a configuration file of KEY=VALUE lines; `#` begins a comment. */
export function readConfig(path) {
  if (!path) throw new Error('no configuration file given; start with: permit-desk /path/to/permit-desk.conf')
  const config = {}
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, key, value] = /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key) config[key] = value
  }
  const missing = required.filter((key) => !config[key])
  if (missing.length > 0) throw new Error(`"${path}" lacks ${missing.join(', ')}`)
  return config
}
