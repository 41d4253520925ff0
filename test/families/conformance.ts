import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Channel, ReplicationHealth } from '../../domain/measurement/replication-health.ts'

/** A member that a family does not have, with the reason: it stands in the list of tests. */
export interface Absent {
  readonly absent: string
}

/** One way in which a way back comes to be worse than it was. */
export interface WayToLose {
  readonly name: string
  readonly harm: () => Promise<void>
  readonly channel: Exclude<Channel, 'running'>
  /** The code of the reason that is wanted. */
  readonly reason: string
  /** Puts it right again; absent where only copying anew would. */
  readonly mend?: () => Promise<void>
}

/** Switches a dataset from one side to the other under writers. */
export interface SwitchHarness {
  readonly startWriters: () => Promise<void>
  /** Switches to the side that waits. */
  readonly switchOver: () => Promise<void>
  /** The parts of the critical section, for a runner that is killed as each begins. */
  readonly parts: readonly string[]
  readonly dieAt: (part: string) => Promise<void>
  /** Stops the writers, and gives how many acknowledged writes each side lacks, and how many sides are open. */
  readonly outcome: () => Promise<{ readonly lost: readonly number[]; readonly open: number }>
}

/** The real parts by which a family goes through what each family has to pass. Members are called in this order. */
export interface FamilyHarness {
  readonly family: string
  /** A source with content, and an empty place for a copy. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Copies the source, whatever is there of an earlier copy. */
  readonly copy: () => Promise<void>
  /** Takes the copy away, so that the next one is made anew. */
  readonly discard: () => Promise<void>
  /** Everything a side holds, in one text. */
  readonly contentOf: (side: 'source' | 'copy') => Promise<string>
  /** Changes one value of the copy, as little as can be. */
  readonly changeOneValue: () => Promise<void>
  /** Whether source and copy are the same, by the family's own verification. */
  readonly verify: () => Promise<boolean>
  readonly copyParts: readonly string[]
  readonly dieInCopy: (part: string) => Promise<void>
  readonly switching: SwitchHarness | Absent
  /** Brings the pair to where the new side serves and its way back is kept. */
  readonly keepWayBack: () => Promise<void>
  readonly health: () => Promise<ReplicationHealth | undefined>
  readonly waysToLose: readonly WayToLose[]
  /** Removes the old side for good. */
  readonly remove: () => Promise<void>
  /** What is found of it afterwards. */
  readonly leftOver: () => Promise<readonly string[]>
}

const patienceMs = 30_000
const testMs = 120_000

/** What each family has to pass. */
export function describeFamily(harness: FamilyHarness): void {
  describe(`the family "${harness.family}"`, () => {
    beforeAll(async () => harness.start(), testMs)
    afterAll(async () => harness.stop(), testMs)
    describeCopy(harness)
    describeSwitch(harness.switching)
    describeWayBack(harness)
  })
}

function describeCopy(harness: FamilyHarness): void {
  it(
    'copies everything, and copying again changes nothing',
    async () => {
      await harness.copy()
      const copied = await harness.contentOf('copy')
      expect(copied).toBe(await harness.contentOf('source'))
      await harness.copy()
      expect(await harness.contentOf('copy')).toBe(copied)
    },
    testMs,
  )

  it(
    'finds one changed value, which a copy made anew has not',
    async () => {
      await harness.copy()
      expect(await harness.verify()).toBe(true)
      await harness.changeOneValue()
      expect(await harness.verify()).toBe(false)
      await harness.discard()
      await harness.copy()
      expect(await harness.verify()).toBe(true)
    },
    testMs,
  )

  it.each(harness.copyParts)(
    'copies whole after a runner was killed at "%s"',
    async (part) => {
      await harness.dieInCopy(part)
      await harness.copy()
      expect(await harness.verify()).toBe(true)
      expect(await harness.contentOf('copy')).toBe(await harness.contentOf('source'))
    },
    testMs,
  )
}

function describeSwitch(switching: SwitchHarness | Absent): void {
  if ('absent' in switching) {
    it(`has no switch of its own: ${switching.absent}`, () => {
      expect(switching.absent).not.toBe('')
    })
    return
  }
  it(
    'switches there and back under writers and loses nothing',
    async () => {
      await switching.startWriters()
      await switching.switchOver()
      await switching.switchOver()
      expect(await switching.outcome()).toEqual({ lost: [0, 0], open: 1 })
    },
    testMs,
  )

  it.each(switching.parts)(
    'loses nothing, and one side alone is open, after a runner was killed as "%s" begins',
    async (part) => {
      await switching.startWriters()
      await switching.dieAt(part)
      await switching.switchOver()
      expect(await switching.outcome()).toEqual({ lost: [0, 0], open: 1 })
    },
    testMs,
  )
}

function describeWayBack(harness: FamilyHarness): void {
  const expectHealth = async (wanted: (health: ReplicationHealth) => boolean): Promise<void> => {
    const giveUpAtMs = Date.now() + patienceMs
    let seen: ReplicationHealth | undefined
    while (Date.now() < giveUpAtMs) {
      seen = await harness.health()
      if (seen !== undefined && wanted(seen)) return
      await sleep(50)
    }
    throw new Error(`The health did not come to be so: ${JSON.stringify(seen)}`)
  }
  const isRunning = ({ channel, reasons }: ReplicationHealth) => channel === 'running' && reasons.length === 0

  it(
    'has a way back that runs once its new side serves',
    async () => {
      await harness.keepWayBack()
      await expectHealth((health) => isRunning(health) && health.lagMs !== undefined)
    },
    testMs,
  )

  it.each(harness.waysToLose)(
    'tells that its way back is worse off: $name',
    async ({ harm, mend, channel, reason }) => {
      await harm()
      await expectHealth(
        (health) => health.channel === channel && health.reasons.some(({ code }) => code === reason),
      )
      if (mend === undefined) return
      await mend()
      await expectHealth(isRunning)
    },
    testMs,
  )

  it(
    'removes its old side and leaves nothing',
    async () => {
      await harness.remove()
      expect(await harness.leftOver()).toEqual([])
    },
    testMs,
  )
}
