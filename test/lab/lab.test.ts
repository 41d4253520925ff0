import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { databaseSides, hostNames } from '../../lab/description.ts'
import {
  LabAlreadyRunningError,
  LabHomeClosedError,
  LabMovedError,
  LabNotFoundError,
  LabPackageMissingError,
  LabPortTakenError,
} from '../../lab/errors.ts'
import { type Lab, openLab, removeLab, startLab, stopLab } from '../../lab/lab.ts'
import { loopbackStatus } from '../../lab/loopback/provider.ts'
import { runOn } from '../../lab/ssh.ts'
import { LoginRefusedError } from '../../runner/ssh/errors.ts'
import { withServing, withSide } from '../../lab/writers/places.ts'

const home = mkdtempSync(join(tmpdir(), 'qianyun-lab-'))
const someone = {
  typeCode: 'signboard',
  applicantName: '李娜',
  idNumber: '440106199001010000',
  address: '人民路1号',
}
let lab: Lab

beforeAll(async () => {
  lab = await startLab({ home })
}, 180_000)

afterAll(async () => {
  await removeLab(home)
  rmSync(home, { recursive: true })
}, 30_000)

describe('hosts', () => {
  it.each(hostNames)('%s lets its own user in with the key of the lab', async (name) => {
    const { stdout, stderr } = await runOn(
      lab,
      name,
      'id -un; pwd; for program in psql node sv; do command -v $program; done | wc -l',
    )
    const { user, home: folder } = lab.description.hosts[name]
    expect([stdout.trim().split('\n'), stderr]).toEqual([[user, folder, '3'], ''])
  })

  it.each(hostNames)('%s refuses another key', async (name) => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    await expect(runOn(lab, name, 'true', { privateKey })).rejects.toThrow(LoginRefusedError)
  })

  it.each(hostNames)('%s refuses another user', async (name) => {
    await expect(runOn(lab, name, 'true', { user: 'root' })).rejects.toThrow(LoginRefusedError)
  })

  it('cannot look into each other', async () => {
    const { exitCode } = await runOn(lab, 'staging', `ls ${lab.description.hosts.old.home}`)
    expect(exitCode).not.toBe(0)
  })
})

describe('databases', () => {
  it.each(databaseSides)('%s can publish and subscribe at the version it is described with', async (side) => {
    const { rows } = await withSide(lab, side, (client) =>
      client.query<{ level: string; version: string }>(
        `SELECT current_setting('wal_level') AS level, split_part(current_setting('server_version'), ' ', 1) AS version`,
      ),
    )
    expect(rows).toEqual([{ level: 'logical', version: lab.description.databases[side].version }])
  })

  it('make a move an upgrade: the cloud is newer than the old side', () => {
    const { old, staging, cloud } = lab.description.databases
    expect(Number.parseInt(cloud.version)).toBeGreaterThan(Number.parseInt(old.version))
    expect(staging.version).toBe(cloud.version)
  })

  it('begin empty on the new sides', async () => {
    const tables = `SELECT FROM pg_tables WHERE schemaname = 'public'`
    const counts = await Promise.all(
      databaseSides.map((side) =>
        withSide(lab, side, async (client) => (await client.query(tables)).rowCount),
      ),
    )
    expect(counts).toEqual([expect.any(Number), 0, 0])
    expect(counts[0]).toBeGreaterThan(5)
  })
})

describe('the permit desk', () => {
  it('answers through the entry, and says which site and database serve', async () => {
    const { body } = await ask('GET', '/version?database=1')
    expect(body).toMatchObject({ site: 'old', runtime: 'node-12', database: { address: '127.0.0.11' } })
  })

  it('accepts an application once, however often it is sent', async () => {
    const application = { ...someone, key: 'sent-twice' }
    const first = await ask('POST', '/permits', application)
    const second = await ask('POST', '/permits', application)
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.body).toEqual(first.body)
  })

  it('keeps an uploaded file and gives it back', async () => {
    const { body } = await ask('POST', '/permits', { ...someone, key: 'with-a-file' })
    const sent = await ask('POST', `/permits/${String(body['id'])}/files`, 'a scan')
    const file = await fetch(`${lab.description.entry.httpUrl}/files/${String(sent.body['id'])}`)
    expect(await file.text()).toBe('a scan')
  })

  it.each([
    ['an application without a name', 422, '/permits', { ...someone, key: 'k', applicantName: '' }],
    ['an unknown kind of permit', 422, '/permits', { ...someone, key: 'k', typeCode: 'casino' }],
    ['a file for no permit', 404, '/permits/1/files', 'a scan'],
  ])('refuses %s', async (_, status, path, body) => {
    expect((await ask('POST', path, body)).status).toBe(status)
  })

  it('has the faults an assessment is to find', async () => {
    const faults = await withServing(lab, async (client) => {
      const { rows } = await client.query<Record<string, string>>(`SELECT
        (SELECT string_agg(relname, ',') FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)) AS without_key,
        (SELECT string_agg(relname, ',') FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r') AS unlogged,
        (SELECT string_agg(sequencename, ',') FROM pg_sequences WHERE cache_size > 1) AS cached,
        (SELECT string_agg(viewname, ',') FROM pg_views WHERE schemaname = 'public') AS views,
        (SELECT string_agg(matviewname, ',') FROM pg_matviews) AS matviews,
        (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)::text AS triggers,
        (SELECT count(*) FROM pg_largeobject_metadata)::text AS large_objects`)
      return rows[0]
    })
    expect(faults).toEqual({
      without_key: 'visit_log',
      unlogged: 'queue_ticket',
      cached: 'permit_no_seq',
      views: 'permit_overview',
      matviews: 'monthly_summary',
      triggers: '2',
      large_objects: '1',
    })
    const { stdout } = await runOn(lab, 'old', `cat ${lab.description.permitDesk.configFile}`)
    expect(stdout).toContain('PUBLIC_URL=http://127.0.0.11:')
    expect(stdout).toContain(`UPLOAD_DIR=${lab.description.permitDesk.uploadDir}`)
  })

  it('has a job in the crontab that works when it is due', async () => {
    const { crontab, cronJob, configFile, uploadDir } = lab.description.permitDesk
    const { stdout } = await runOn(lab, 'old', 'crontab -l')
    expect([stdout, readFileSync(crontab, 'utf8')]).toEqual([expect.stringContaining(cronJob), stdout])
    const job = await runOn(
      lab,
      'old',
      `${cronJob} ${configFile} && head -n 1 ${uploadDir}/../summaries/daily.csv`,
    )
    expect(job).toEqual({ exitCode: 0, stderr: '', stdout: '日期,受理,费用(分)\n' })
  })
})

describe('coming up and going down', () => {
  it('leaves no process behind when stopped, and keeps its data for the next start', async () => {
    await ask('POST', '/permits', { ...someone, key: 'kept' })
    const databasesIni = lab.description.entry.pgbouncer.databasesIniPath
    await runOn(lab, 'entry', `echo '; changed by a move' >> ${databasesIni}`)
    const before = lab.description

    await lab.stop()
    expect(processesOf(home)).toEqual([])

    lab = await startLab({ home })
    expect(lab.description).toEqual(before)
    expect((await ask('GET', '/lookup?key=kept')).status).toBe(200)
    expect(readFileSync(databasesIni, 'utf8')).toContain('; changed by a move')
  }, 30_000)

  it('is adopted when its starter was killed', async () => {
    await lab.stop()
    const first = await up(home)
    await expect(startLab({ home })).rejects.toThrow(LabAlreadyRunningError)
    const startedAt = await serverStartOf(lab)
    await first.end('SIGKILL')
    expect((await loopbackStatus(home)).hosts).toEqual({ old: true, staging: true, cloud: true, entry: true })

    const second = await up(home)
    expect(await serverStartOf(lab)).toBe(startedAt)
    await second.end('SIGTERM')
    expect(processesOf(home)).toEqual([])
    lab = await startLab({ home })
  }, 60_000)

  it('cleans up after a supervisor that was killed', async () => {
    const { stdout } = await runOn(lab, 'old', 'pgrep -u "$(id -u)" -f "runsvdir -P $SVDIR"')
    await runOn(lab, 'old', `kill -9 ${stdout.trim().split('\n').join(' ')}`)
    lab = await startLab({ home })
    expect((await ask('GET', '/health')).status).toBe(200)
  }, 30_000)

  it('names who holds a port that was its own, and leaves nothing half started', async () => {
    await stopLab(home)
    const thief = createServer().listen(lab.description.entry.pgbouncer.port, '127.0.0.14')
    const start = startLab({ home })
    await expect(start).rejects.toThrow(LabPortTakenError)
    await expect(start).rejects.toThrow(new RegExp(`process ${process.pid} `))
    expect(processesOf(home)).toEqual([])
    thief.close()
    lab = await startLab({ home })
  }, 30_000)

  it('says where it was made when its folder was moved', async () => {
    const moved = mkdtempSync(join(tmpdir(), 'qianyun-moved-'))
    mkdirSync(join(moved, 'lab'))
    copyFileSync(join(home, 'lab', 'lab.json'), join(moved, 'lab', 'lab.json'))
    const start = startLab({ home: moved })
    await expect(start).rejects.toThrow(LabMovedError)
    await expect(start).rejects.toThrow(`was made in "${home}"`)
    rmSync(moved, { recursive: true })
  })

  it('says which folder keeps its users out', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'qianyun-closed-'))
    const start = startLab({ home: join(closed, 'home') })
    await expect(start).rejects.toThrow(LabHomeClosedError)
    await expect(start).rejects.toThrow(`cannot enter "${closed}"`)
    rmSync(closed, { recursive: true })
  })

  it('says how to bring one up where there is none', async () => {
    await expect(openLab('/nonexistent')).rejects.toThrow(LabNotFoundError)
  })

  it('says how to install what is missing', () => {
    expect(new LabPackageMissingError(['pgbouncer', 'runit'], ['pgbouncer', 'sv']).message).toContain(
      'apt-get install --no-install-recommends -y pgbouncer runit',
    )
  })
})

async function ask(method: string, path: string, body?: object | string) {
  const answer = await fetch(`${lab.description.entry.httpUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

/** Starts `lab/main.ts up` in a process of its own and waits until it says that all is up. */
async function up(folder: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lab/main.ts', 'up', '--home', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const ready = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  )
  expect(JSON.parse(await ready)).toMatchObject({ ready: true, home: folder })
  return {
    async end(signal: 'SIGTERM' | 'SIGKILL') {
      child.kill(signal)
      await exited
    },
  }
}

/** Tells one start of the old side's server from the next. */
async function serverStartOf(one: Lab): Promise<string | undefined> {
  return withSide(one, 'old', async (client) => {
    const { rows } = await client.query<{ at: string }>('SELECT pg_postmaster_start_time()::text AS at')
    return rows[0]?.at
  })
}

/** Every process of this machine that names the lab's folder. */
function processesOf(folder: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(`${folder}/lab/hosts`))
}
