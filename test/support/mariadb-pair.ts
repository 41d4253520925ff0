import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { MariadbRelease } from '../../lab/loopback/mariadb.ts'
import { MysqlSide } from '../../families/mysql/side.ts'
import { type SwitchPlan } from '../../families/mysql/switch/plan.ts'
import {
  askMariadb,
  connectTo,
  mariadbAdmin,
  mariadbAdminPassword,
  type MariadbServer,
  startMariadb,
} from './mariadb-servers.ts'
import { appPassword, makeFolder, removeFolder } from './postgres-servers.ts'

export const permit = 'permit'
export const appUser = 'permit_app'

/** An old server with an application's database, a new one, and one for staging. */
export interface MariadbPair {
  readonly old: MariadbServer
  readonly new: MariadbServer
  readonly source: MysqlSide
  readonly target: MysqlSide
  stop(): Promise<void>
}

export async function startMariadbPair(
  name: string,
  settings: {
    readonly old?: Record<string, string>
    readonly new?: Record<string, string>
    readonly newRelease?: MariadbRelease
  } = {},
): Promise<MariadbPair> {
  const folder = await makeFolder(name)
  const [old, neu] = await Promise.all([
    startMariadb(folder, 'old', 1, settings.old),
    startMariadb(folder, 'new', 2, settings.new, settings.newRelease),
  ])
  return {
    old,
    new: neu,
    source: sideAt('source', old.port),
    target: sideAt('target', neu.port),
    async stop() {
      await Promise.all([old.stop(), neu.stop()])
      await removeFolder(folder)
    },
  }
}

export function sideAt(called: string, port: number): MysqlSide {
  return new MysqlSide(
    called,
    {
      host: called,
      address: '127.0.0.1',
      port,
      database: permit,
      adminUser: mariadbAdmin,
      adminSecret: 'admin',
      appUsers: [appUser],
      appSecret: 'app',
    },
    async (secret) => (secret === 'admin' ? mariadbAdminPassword : appPassword),
    60_000,
  )
}

/** A database with what an application of some years has: old character sets, triggers, events, routines, views, odd names and values. */
export async function makePermits({ old }: Pick<MariadbPair, 'old'>): Promise<void> {
  const admin = async (sql: string) => askMariadb(old.port, sql)
  await admin(`CREATE DATABASE ${permit} CHARACTER SET utf8mb4`)
  await admin(`CREATE USER '${appUser}'@'%' IDENTIFIED BY '${appPassword}'`)
  await admin(`GRANT ALL PRIVILEGES ON ${permit}.* TO '${appUser}'@'%'`)
  await admin(`CREATE USER 'it''s "odd"'@'localhost' IDENTIFIED BY 'x'`)
  await admin(`CREATE ROLE readers`)
  const connection = await connectTo(old.port, { user: appUser, password: appPassword, database: permit })
  try {
    await connection.query(`SET SESSION sql_mode = ''`)
    for (const sql of schema) await connection.query(sql)
  } finally {
    await connection.end()
  }
  await admin(`GRANT SELECT ON ${permit}.permit TO readers`)
}

const schema = [
  'CREATE TABLE office (code VARCHAR(20) CHARACTER SET gbk NOT NULL, area INT NOT NULL, name VARCHAR(50) CHARACTER SET gbk, PRIMARY KEY (code, area)) ENGINE = InnoDB',
  `INSERT INTO office VALUES ('北京', 1, '行政审批局'), ('上海', 1, NULL), ('上海', 2, 'it''s \\\\ here')`,
  `CREATE TABLE permit (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, title VARCHAR(200), old_title VARCHAR(100) CHARACTER SET latin1,
     fee DECIMAL(12,2) NOT NULL DEFAULT 0, weight FLOAT, ratio DOUBLE, issued DATE NOT NULL DEFAULT '0000-00-00', at TIMESTAMP(6) NULL,
     flags BIT(10), seal BLOB, place POINT, kind ENUM('a','乙') NOT NULL DEFAULT 'a', tags SET('x','y'), data JSON,
     total DECIMAL(14,2) AS (fee * 2) STORED, note TEXT, secret VARCHAR(10) INVISIBLE DEFAULT 'hid', INDEX (kind)) ENGINE = InnoDB`,
  `INSERT INTO permit (title, old_title, fee, weight, ratio, issued, at, flags, seal, place, kind, tags, data, note)
     SELECT CONCAT('许可 ', seq, ' 😀'), 'caf\u00e9', seq / 7, seq / 3, seq / 9, IF(seq % 5 = 0, '0000-00-00', '2024-02-29'), '2024-03-10 02:30:00.123456',
            seq % 1024, UNHEX(MD5(seq)), POINT(seq, -seq), IF(seq % 2, 'a', '乙'), 'x,y', JSON_OBJECT('n', seq), IF(seq % 3 = 0, NULL, CONCAT('line\\n', seq, '\\\\', CHAR(0)))
       FROM seq_1_to_12000`,
  'CREATE TABLE audit_line (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, permit BIGINT UNSIGNED NOT NULL, what VARCHAR(40), FOREIGN KEY (permit) REFERENCES permit (id) ON DELETE CASCADE) ENGINE = InnoDB',
  'CREATE TABLE `odd ``name``` (`a b` INT NOT NULL, c CHAR(3), UNIQUE KEY `k``` (`a b`)) ENGINE = InnoDB',
  'INSERT INTO `odd ``name``` VALUES (0, NULL), (-1, "x")',
  'CREATE SEQUENCE numbers START WITH 100 CACHE 10',
  'SELECT NEXTVAL(numbers)',
  `CREATE FUNCTION doubled(n INT) RETURNS INT DETERMINISTIC RETURN n * 2`,
  `CREATE PROCEDURE note(IN p BIGINT UNSIGNED) BEGIN INSERT INTO audit_line (permit, what) VALUES (p, 'noted; by hand'); END`,
  `CREATE TRIGGER permit_written AFTER INSERT ON permit FOR EACH ROW INSERT INTO audit_line (permit, what) VALUES (NEW.id, 'written')`,
  'CREATE VIEW z_first AS SELECT id, title, doubled(1) AS two FROM permit',
  'CREATE VIEW a_second AS SELECT * FROM z_first',
  `CREATE EVENT ticks ON SCHEDULE EVERY 1 SECOND DO INSERT INTO audit_line (permit, what) VALUES (1, 'tick')`,
  'CREATE TABLE ledger (worker INT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (worker, number)) ENGINE = InnoDB',
]

const never = new AbortController().signal

export function mariadbSwitchPlan(
  from: MysqlSide,
  to: MysqlSide,
  more: Partial<SwitchPlan> = {},
): SwitchPlan {
  return {
    from,
    to,
    deadlineMs: 10_000,
    maxTransactionAgeMs: 1_000,
    quietWithinMs: 15_000,
    recoverForMs: 30_000,
    signal: never,
    say: () => undefined,
    ...more,
  }
}

/** Writers that keep a log of every acknowledged write; whoever is refused goes on to the other server. */
export class MariadbWriters {
  readonly acked: { readonly worker: number; readonly number: number; readonly atMs: number }[] = []
  private stopping = false
  private readonly running: Promise<void>[]

  constructor(
    private readonly ports: readonly number[],
    count: number,
  ) {
    this.running = Array.from({ length: count }, async (_, worker) => this.write(worker))
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.running)
  }

  /** How many acknowledged writes a server still lacks when it has had time to receive the last ones. */
  async lostOn(port: number): Promise<number> {
    let lost = this.acked.length
    for (let left = 200; left > 0; left--) {
      const rows = await askMariadb(port, `SELECT worker, number FROM ${permit}.ledger`)
      const there = new Set(rows.map(({ worker, number }) => `${String(worker)}/${String(number)}`))
      lost = this.acked.filter(
        ({ worker, number }) => !there.has(`${String(worker)}/${String(number)}`),
      ).length
      if (lost === 0) return 0
      await sleep(50)
    }
    return lost
  }

  /** The longest time in which nobody's write was acknowledged. */
  longestGapMs(): number {
    const at = this.acked.map(({ atMs }) => atMs).toSorted((one, other) => one - other)
    return at.reduce((most, one, index) => Math.max(most, one - (at[index - 1] ?? one)), 0)
  }

  private async write(worker: number): Promise<void> {
    let number = Date.now() * 1_000
    let turn = 0
    let connection: Connection | undefined
    while (!this.stopping) {
      try {
        const port = this.ports[turn % this.ports.length] ?? 0
        connection ??= await connectTo(port, { user: appUser, password: appPassword, database: permit })
        number += 1
        await connection.query('INSERT INTO ledger VALUES (?, ?)', [worker, number])
        this.acked.push({ worker, number, atMs: performance.now() })
        await sleep(2)
      } catch {
        connection?.destroy()
        connection = undefined
        turn += 1
        await sleep(5)
      }
    }
    await connection?.end().catch(() => undefined)
  }
}
