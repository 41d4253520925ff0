import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { chooseHome } from '../../config/home.mjs'
import { packagesMatch } from './npm-packages.mjs'
import { SetupError } from './sentence.mjs'
import { words } from './words.mjs'

/**
 * What a command puts on the disk and is not there yet, in MB as measured on Debian 12 and 13. The unpacked wheel stands beside the
 * program for a moment; Debian's packages are the lab's, and the browser's after them, on a machine that has none of them, with
 * what apt keeps of the download.
 */
function missingPieces(repository, home, { lab, tests, ownPostgres, ownTemporal, debianPackages, browser }) {
  const isMissing = (...path) => !existsSync(join(home, ...path))
  // Another home takes them from the usual one.
  const usual = chooseHome({ env: {} }).path
  // One that is named is taken, or refused; one on PATH may be too old.
  const namesTemporal = (process.env.TEMPORAL_CLI ?? '') !== ''
  const isToFetch = (program) => isMissing('bin', program) && !existsSync(join(usual, 'bin', program))
  return [
    { at: repository, diskMb: 572, downloadMb: 73, missing: !packagesMatch(repository) },
    { at: home, diskMb: 63, downloadMb: 0, missing: ownPostgres && isMissing('postgresql-18') },
    {
      at: home,
      diskMb: 202,
      downloadMb: 45,
      missing: ownTemporal && !namesTemporal && isToFetch('temporal'),
    },
    { at: home, diskMb: 112, downloadMb: 27, missing: tests && isToFetch('temporal-test-server') },
    { at: '/usr', diskMb: 417, downloadMb: 83, missing: lab && debianPackages },
    { at: '/usr', diskMb: 830, downloadMb: 178, missing: lab && browser },
    { at: home, diskMb: 134, downloadMb: 0, missing: isMissing('postgres') },
  ].filter(({ missing }) => missing)
}

/** Says what the set-up takes, and throws SetupError where a disk has less than its part. Says nothing where all is there. */
export function assertSpace(repository, home, command) {
  const pieces = missingPieces(repository, home, command)
  const sum = (list, of) => list.reduce((total, piece) => total + piece[of], 0)
  const downloadMb = sum(pieces, 'downloadMb')
  if (downloadMb > 0) console.log(words.willTake(sum(pieces, 'diskMb'), downloadMb))
  for (const onDisk of byDisk(pieces)) {
    const folder = existing(onDisk[0].at)
    const { bavail, bsize } = statfsSync(folder)
    const freeMb = Math.floor((bavail * bsize) / 1_000_000)
    const neededMb = sum(onDisk, 'diskMb')
    if (freeMb < neededMb) throw new SetupError(words.noSpace(folder, neededMb, freeMb))
  }
}

function byDisk(pieces) {
  const disks = new Map()
  for (const piece of pieces) {
    const disk = statSync(existing(piece.at)).dev
    disks.set(disk, [...(disks.get(disk) ?? []), piece])
  }
  return [...disks.values()]
}

function existing(folder) {
  return existsSync(folder) ? folder : existing(dirname(folder))
}
