import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

// Closed connections, servers that are going down or coming up, and a database that is closed or read-only for a while.
const passing = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '28000',
  '42501',
  '25006',
  '08P01',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
])
const patienceMs = 25_000

export class Database {
  constructor(config) {
    this.pool = new pg.Pool({
      host: config.DB_HOST,
      port: Number(config.DB_PORT),
      database: config.DB_NAME,
      user: config.DB_USER,
      password: readFileSync(config.DB_PASSWORD_FILE, 'utf8').trim(),
      max: Number(config.DB_POOL_SIZE ?? 12),
      connectionTimeoutMillis: 30_000,
      query_timeout: 30_000,
      keepAlive: true,
    })
    this.pool.on('error', () => {})
  }

  async query(text, values) {
    return this.#patiently(() => this.pool.query(text, values))
  }

  /** Runs `work` in one transaction and gives its result once that is committed. `work` may run more than once. */
  async transaction(work) {
    return this.#patiently(async () => {
      const client = await this.pool.connect()
      // Without a listener, a connection that breaks between two queries would end the process.
      const ignore = () => {}
      client.on('error', ignore)
      let broken
      try {
        await client.query('BEGIN')
        const result = await work(client)
        await client.query('COMMIT')
        return result
      } catch (error) {
        broken = error
        throw error
      } finally {
        client.removeListener('error', ignore)
        client.release(broken)
      }
    })
  }

  async #patiently(attempt) {
    const giveUpAt = Date.now() + patienceMs
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
      try {
        return await attempt()
      } catch (error) {
        const lost = passing.has(error.code) || /terminated|closed|pause|server conn/i.test(error.message)
        if (!lost || Date.now() > giveUpAt) throw error
        await sleep(pauseMs)
      }
    }
  }

  end() {
    return this.pool.end()
  }
}
