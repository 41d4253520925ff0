import { finished, type Readable } from 'node:stream'
import { finished as ended } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { bytesPerSecondAt } from '../../../../domain/plan/bandwidth.ts'
import { Pace } from '../../../../runner/ssh/pace.ts'
import type { RemoteProcess, StepContext } from '../../../../runner/steps/kind.ts'
import type { Carries } from './carries.ts'
import { SyncFailedError, type TypeChangedError } from './errors.ts'
import { type Hosts, syncFailure } from './failure.ts'
import { recordOf } from './gone.ts'
import { freeInodes } from './inodes.ts'
import type { PassStats, SyncFilesParams } from './params.ts'
import { type PassOptions, RsyncReport, clientScript, emptyPassScript, serverScript } from './rsync.ts'

/** Some files vanished while they were read: normal while the application writes, the next pass sees it. */
const vanished = 24

const endPatienceMs = 2_000

/** One pass of rsync between two hosts, its bytes relayed through the runner. @throws SyncFailedError, TypeChangedError */
export async function runPass(
  params: SyncFilesParams,
  options: PassOptions,
  context: Pick<StepContext, 'host' | 'signal' | 'say'>,
): Promise<PassStats> {
  const hosts = hostsOf(params, context)
  const client = await context
    .host(params.from.host)
    .start(clientScript(params, options, recordOf(params.from, params.to, context)))
  const started: RemoteProcess[] = [client]
  const stop = () => {
    for (const process of started) void endProcess(process)
  }
  context.signal.addEventListener('abort', stop, { once: true })
  try {
    context.signal.throwIfAborted()
    const report = new RsyncReport()
    const announced = await serverWanted(client, report)
    if (announced === undefined) throw await failure(params, hosts, client, report)
    const server = await context.host(params.to.host).start(serverScript(params, announced, options))
    started.push(server)
    const serverSaid = new RsyncReport()
    server.stderr.on('data', (chunk: Buffer) => {
      serverSaid.add(chunk)
    })
    const bytes = join(client, server, paceOf(params, context.signal))
    context.signal.throwIfAborted()
    const [clientCode, serverCode] = await Promise.all([client.ended, server.ended])
    if ([clientCode, serverCode].some((code) => code !== 0 && code !== vanished)) {
      const said = `${report.said}${serverSaid.said}`
      throw await lookedAt(syncFailure(params, hosts, [clientCode, serverCode], said), params, context)
    }
    context.say(`${options.dryRun ? 'compared' : 'synchronised'}, ${bytes()} bytes over the network`)
    return report.result()
  } catch (error) {
    stop()
    context.signal.throwIfAborted()
    throw error
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

/** "No space left on device" is said of inodes, too: which of them it was, the file system tells. */
async function lookedAt(
  failure: SyncFailedError | TypeChangedError,
  { to }: SyncFilesParams,
  { host, signal }: Pick<StepContext, 'host' | 'signal'>,
): Promise<SyncFailedError | TypeChangedError> {
  if (!(failure instanceof SyncFailedError) || failure.because.code !== 'sync-no-room') return failure
  const free = await freeInodes(host(to.host), to.path, signal).catch(() => undefined)
  if (free !== 0) return failure
  const because = { ...failure.because, code: 'sync-no-inodes' }
  return new SyncFailedError(failure.from, failure.to, failure.exitCodes, failure.output, because)
}

function hostsOf({ from, to }: SyncFilesParams, { host }: Pick<StepContext, 'host'>): Hosts {
  return { from: host(from.host).name, to: host(to.host).name }
}

/** At the end of its input rsync takes its unfinished file away; killed outright it would leave it among the others. */
async function endProcess(process: RemoteProcess): Promise<void> {
  process.stdin.end()
  // What it has said and nobody reads keeps its session open, and a host has few of them.
  process.stdout.resume()
  process.stderr.resume()
  const ended = process.ended.then(
    () => true,
    () => true,
  )
  if (!(await Promise.race([ended, sleep(endPatienceMs, false, { ref: false })]))) await process.kill()
}

/** What a first pass to a place that is not there yet would do. @throws SyncFailedError, TypeChangedError */
export async function runEmptyPass(
  params: SyncFilesParams,
  carries: Carries,
  context: StepContext,
): Promise<PassStats> {
  const client = await context.host(params.from.host).start(emptyPassScript(params, carries))
  const report = new RsyncReport()
  client.stderr.on('data', (chunk: Buffer) => {
    report.add(chunk)
  })
  client.stdin.end()
  client.stdout.resume()
  const code = await client.ended
  if (code !== 0) throw syncFailure(params, hostsOf(params, context), [code, 0], report.said)
  return report.result()
}

/** Waits for the relay to say which server rsync wants; undefined when rsync ended before it came to that. */
async function serverWanted(client: RemoteProcess, report: RsyncReport): Promise<string | undefined> {
  return new Promise((resolve) => {
    client.stderr.on('data', (chunk: Buffer) => {
      report.add(chunk)
      if (report.announced !== undefined) resolve(report.announced)
    })
    client.stderr.once('end', () => {
      resolve(report.announced)
    })
  })
}

type Paced = (from: Readable) => Readable

/** What keeps both directions together within the bandwidth that a pass may take. */
function paceOf({ bandwidth }: SyncFilesParams, signal: AbortSignal): Paced {
  if (bandwidth === undefined || bandwidth.hours.length === 0) return (from) => from
  const pace = new Pace((atMs) => bytesPerSecondAt(bandwidth, atMs))
  return (from) => from.pipe(pace.stream(signal))
}

/** Joins both ends; gives a function that tells how many bytes went through. */
function join(client: RemoteProcess, server: RemoteProcess, paced: Paced): () => number {
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
  }
  for (const [from, into] of [
    [client.stdout, server.stdin],
    [server.stdout, client.stdin],
  ] as const) {
    const passing = paced(from.on('data', count))
    passing.pipe(into)
    into.on('error', () => undefined)
    // An end that is over, before it is joined even, takes no more: the other one is read on, or it would never come to its own end.
    finished(into, { readable: false }, () => passing.unpipe(into).resume())
  }
  return () => bytes
}

async function failure(
  params: SyncFilesParams,
  hosts: Hosts,
  client: RemoteProcess,
  report: RsyncReport,
): Promise<SyncFailedError | TypeChangedError> {
  client.stdin.end()
  client.stdout.resume()
  await ended(client.stderr).catch(() => undefined)
  const code = await client.ended
  return syncFailure(params, hosts, [code, 0], report.said)
}
