import { createHash } from 'node:crypto'
import type pg from 'pg'
import { request } from 'undici'
import type { DatabaseSide, Lab } from '../lab.ts'
import type { ParsedVerify } from './messages.ts'
import type { PermitDeskKey } from './permit-desk-writer.ts'
import { untilSettled, withServing, withSide } from './places.ts'
import { readDigests } from './upload-folder.ts'

/** Gives, by place, the writes that are missing there: at the entry, and on the sides and in the upload folders asked for. */
export async function findMissing(
  lab: Lab,
  run: string,
  wanted: readonly PermitDeskKey[],
  { serving, sides, uploadDirs, settleMs }: ParsedVerify,
): Promise<Map<string, PermitDeskKey[]>> {
  const places = new Map<string, PermitDeskKey[]>()
  const rowless = await withServing(lab, (client) => missingRows(client, run, wanted), serving)
  const fileless = await unservedFiles(lab, wanted, serving)
  places.set('entry', [...new Set([...rowless, ...fileless])])
  for (const side of sides) {
    const missing = await untilSettled(settleMs, wanted, (rest) =>
      withSide(lab, side, (client) => missingRows(client, run, rest)),
    )
    places.set(side, missing)
  }
  for (const [side, folder] of Object.entries(uploadDirs) as [DatabaseSide, string][]) {
    const files = wanted.filter((one) => one.file !== undefined)
    const missing = await untilSettled(settleMs, files, async (rest) => {
      const digests = await readDigests(lab, side, folder)
      return rest.filter((one) => !digests.has(one.file?.sha256 ?? ''))
    })
    places.set(`${side}:${folder}`, missing)
  }
  return places
}

/** A permit counts as there only with both of its ledger rows: they were acknowledged together. */
async function missingRows(
  client: pg.Client,
  run: string,
  wanted: readonly PermitDeskKey[],
): Promise<PermitDeskKey[]> {
  const permits = await client.query<{ key: string }>(
    `SELECT p.idempotency_key AS key FROM permit p JOIN ledger l ON l.permit_id = p.id
     WHERE p.idempotency_key LIKE $1 GROUP BY 1 HAVING count(*) >= 2`,
    [`${run}-%`],
  )
  const attachments = await client.query<{ key: string; sha256: string }>(
    `SELECT p.idempotency_key AS key, a.sha256 FROM permit p JOIN attachment a ON a.permit_id = p.id
     WHERE p.idempotency_key LIKE $1`,
    [`${run}-%`],
  )
  const found = new Set([
    ...permits.rows.map(({ key }) => key),
    ...attachments.rows.map(({ key, sha256 }) => `${key}/${sha256}`),
  ])
  return wanted.filter(({ key, file }) => !found.has(file === undefined ? key : `${key}/${file.sha256}`))
}

/** Fetches every file from the site that serves and compares its digest. */
async function unservedFiles(
  lab: Lab,
  wanted: readonly PermitDeskKey[],
  serving: DatabaseSide | undefined,
): Promise<PermitDeskKey[]> {
  const files = wanted.filter((one) => one.file !== undefined)
  const ids = await withServing(
    lab,
    async (client) => {
      const { rows } = await client.query<{ id: string; owner: string }>(
        `SELECT id, permit_id || '/' || sha256 AS owner FROM attachment WHERE permit_id = ANY ($1::bigint[])`,
        [files.map((one) => one.file?.permitId)],
      )
      return new Map(rows.map(({ id, owner }) => [owner, id]))
    },
    serving,
  )
  const missing: PermitDeskKey[] = []
  for (const one of files) {
    const id = ids.get(`${one.file?.permitId ?? ''}/${one.file?.sha256 ?? ''}`)
    if (id === undefined || (await servedDigest(lab, id)) !== one.file?.sha256) missing.push(one)
  }
  return missing
}

async function servedDigest(lab: Lab, id: string): Promise<string | undefined> {
  const { statusCode, body } = await request(`${lab.description.entry.httpUrl}/files/${id}`)
  const hash = createHash('sha256')
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk)
  return statusCode === 200 ? hash.digest('hex') : undefined
}
