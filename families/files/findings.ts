import { type Finding, findingOf } from '../../domain/assessment/finding.ts'
import { type Word, inForeignWords, said } from '../../domain/words/said.ts'
import type { Feature, Occurrences, TreeFeatures } from './features.ts'

/** The severity of a feature: people have to act, or only to know. */
const meanings: Readonly<
  Record<
    Feature,
    readonly [
      severity: Finding['severity'],
      what: (values: Occurrences & { readonly path: string }) => Word<`files-${Feature}`>,
      remedy: Word<`remedy-files-${Feature}`>,
    ]
  >
> = {
  acls: ['information', (values) => said('files-acls', values), said('remedy-files-acls')],
  xattrs: ['information', (values) => said('files-xattrs', values), said('remedy-files-xattrs')],
  capabilities: [
    'warning',
    (values) => said('files-capabilities', values),
    said('remedy-files-capabilities'),
  ],
  holes: ['information', (values) => said('files-holes', values), said('remedy-files-holes')],
  devices: ['warning', (values) => said('files-devices', values), said('remedy-files-devices')],
  channels: ['information', (values) => said('files-channels', values), said('remedy-files-channels')],
  'hard-links-out': [
    'warning',
    (values) => said('files-hard-links-out', values),
    said('remedy-files-hard-links-out'),
  ],
  'links-out': ['warning', (values) => said('files-links-out', values), said('remedy-files-links-out')],
  'odd-names': ['warning', (values) => said('files-odd-names', values), said('remedy-files-odd-names')],
  databases: ['warning', (values) => said('files-databases', values), said('remedy-files-databases')],
  'file-systems': [
    'warning',
    (values) => said('files-file-systems', values),
    said('remedy-files-file-systems'),
  ],
  unreadable: ['warning', (values) => said('files-unreadable', values), said('remedy-files-unreadable')],
}

/** A finding for each feature of a tree that is not copied or compared as it is, or is unknown, with the number and the first entries. */
export function findingsOfTree(path: string, { found, unknown }: TreeFeatures): readonly Finding[] {
  const there = (Object.keys(meanings) as Feature[]).flatMap((feature) => {
    const occurrences = found[feature]
    if (occurrences === undefined) return []
    const [severity, what, remedy] = meanings[feature]
    return [findingOf({ severity, subject: path, what: what({ ...occurrences, path }), remedy })]
  })
  if (unknown.length === 0) return there
  return [
    ...there,
    findingOf({
      severity: 'warning',
      subject: path,
      what: said('files-unknown', { path, features: unknown.map((feature) => said(`feature-${feature}`)) }),
      remedy: said('remedy-files-unknown'),
    }),
  ]
}

/** The finding for a tree that could not be searched. */
export function unseenTree(path: string, host: string, because: string): Finding {
  return findingOf({
    severity: 'warning',
    subject: path,
    what: said('files-unseen', { path, host, because: inForeignWords(because.slice(0, 200)) }),
    remedy: said('remedy-files-unseen'),
  })
}
