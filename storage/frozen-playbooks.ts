import type pg from 'pg'
import { type PlaybookFolder, type PlaybookRef, manifestOf } from '../domain/playbook/files.ts'
import { sha256Hex } from './digest.ts'

/** The files of frozen playbooks, each once under its SHA-256, because a move outlives upgrades of the shipped playbooks. */
export class FrozenPlaybookStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Stores the files. Idempotent. */
  async keep(folders: readonly PlaybookFolder[]): Promise<void> {
    const contents = folders.flatMap(({ files }) => [...files.values()])
    await this.pool.query(
      `insert into playbook_file (digest, content)
       select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
      [contents.map((content) => sha256Hex(content)), contents],
    )
  }

  /** The frozen folder; undefined if not all of its files are stored. The digests are computed again from the content. */
  async find(frozen: PlaybookRef): Promise<PlaybookFolder | undefined> {
    const paths = Object.entries(frozen.files ?? {})
    const { rows } = await this.pool.query<{ digest: string; content: string }>(
      'select digest, content from playbook_file where digest = any ($1)',
      [paths.map(([, digest]) => digest)],
    )
    const contents = new Map(rows.map(({ digest, content }) => [digest, content]))
    const files = new Map<string, string>()
    for (const [path, digest] of paths) {
      const content = contents.get(digest)
      if (content === undefined) return undefined
      files.set(path, content)
    }
    if (files.size === 0) return undefined
    const digests = Object.fromEntries([...files].map(([path, content]) => [path, sha256Hex(content)]))
    return {
      ref: { name: frozen.name, digest: sha256Hex(manifestOf(digests)), files: digests },
      files,
      problems: [],
    }
  }
}
