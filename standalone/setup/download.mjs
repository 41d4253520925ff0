import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { run } from './run.mjs'
import { programFailed, SetupError } from './sentence.mjs'
import { words } from './words.mjs'

const architectures = { x64: 'amd64', arm64: 'arm64' }

/**
 * Fetches a program from where the Temporal SDK takes it, or from the mirror TEMPORAL_DOWNLOAD_SITE names. The first answer must come within
 * seconds, so that a machine without internet goes on to the next way quickly. Throws SetupError.
 */
export async function placeFromDownload({ artifact, version }, target, note) {
  const site = process.env.TEMPORAL_DOWNLOAD_SITE || 'https://temporal.download'
  const query = new URLSearchParams({
    arch: architectures[process.arch] ?? process.arch,
    platform: process.platform,
    format: 'tar.gz',
    'sdk-name': 'sdk-typescript',
    'sdk-version': '1.24.0',
  })
  const { archiveUrl, fileToExtract } = await ask(`${site}/${artifact}/${version}?${query}`)
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  const folder = mkdtempSync(join(dirname(target), '.download-'))
  try {
    const archive = join(folder, 'archive.tar.gz')
    await save(archiveUrl, archive, (came) => note(words.fromDownload, came))
    const { code, output } = await run('tar', ['-xzf', archive, '-C', folder, fileToExtract])
    if (code !== 0) throw programFailed(words.notUnpacked(archiveUrl), output)
    chmodSync(join(folder, fileToExtract), 0o755)
    renameSync(join(folder, fileToExtract), target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ask(url) {
  const response = await answer(url, 4_000)
  const described = await response.json().catch(() => undefined)
  if (typeof described?.archiveUrl !== 'string' || typeof described.fileToExtract !== 'string') {
    throw new SetupError(words.answeredOtherwise(url))
  }
  return described
}

async function save(url, path, tell) {
  const response = await answer(url, 300_000)
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  let bytes = 0
  tell(() => ({ bytes, ...(length > 0 && { ofBytes: length }) }))
  const counting = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(response.body), counting, createWriteStream(path))
  } catch (error) {
    throw programFailed(words.brokeOff(url), reason(error))
  }
}

async function answer(url, timeoutMs) {
  let response
  try {
    response = await fetchThroughProxy(url, { signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    throw new SetupError(words.notReached(new URL(url).host, reason(error)))
  }
  if (!response.ok) throw new SetupError(words.answeredStatus(url, response.status))
  return response
}

/** Node's own fetch reads no variables. undici is among the npm packages, which are installed before anything is fetched here. */
async function fetchThroughProxy(url, options) {
  const { http_proxy: http, https_proxy: https, all_proxy: all } = process.env
  if (!http && !https && !all) return fetch(url, options)
  const undici = await import('undici')
  const dispatcher = new undici.EnvHttpProxyAgent({
    httpProxy: http ?? all,
    httpsProxy: https ?? all ?? http,
  })
  return undici.fetch(url, { ...options, dispatcher })
}

function reason(error) {
  let last = error
  while (last.cause instanceof Error) last = last.cause
  const { code, message } = last
  // Codes of the system are known; those of a library mean nothing without its sentence.
  return /^E[A-Z]+$/.test(String(code)) ? code : message
}
