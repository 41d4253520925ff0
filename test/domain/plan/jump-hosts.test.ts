import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { JumpHost } from '../../../domain/host.ts'
import { jumpProblems } from '../../../domain/plan/jump-rules.ts'
import { hostOf, jumpsTo } from '../../../domain/plan/places.ts'
import { addressesOf } from '../../../domain/plan/plan-addresses.ts'
import { secretUsesOf } from '../../../domain/plan/secret-uses.ts'
import { samplePlan } from '../../support/plan.ts'

const jump = (via?: string): JumpHost => ({
  address: '10.0.9.1',
  port: 2222,
  user: 'qianyun',
  keySecret: 'bastion-key',
  hostKey: `SHA256:${'B'.repeat(43)}`,
  ...(via !== undefined && { via }),
})

/** A plan whose source is reached as said. */
function planWith(jumpHosts: Readonly<Record<string, JumpHost>> | undefined, via: string | undefined) {
  const { jumpHosts: _none, ...plan } = samplePlan()
  const source = { ...hostOf(plan, 'source'), ...(via !== undefined && { via }), sudoSecret: 'sudo-of-old' }
  return { ...plan, hosts: { ...plan.hosts, source }, ...(jumpHosts && { jumpHosts }) }
}

const found = (...given: Parameters<typeof planWith>) =>
  jumpProblems(planWith(...given)).map(({ path, said: { code } }) => `${path} ${code}`)

describe('the jump hosts of a plan', () => {
  it('are refused where one is named that is none, leads nowhere, or goes round in a circle', () => {
    expect(found(undefined, undefined)).toEqual([])
    expect(found(undefined, 'a')).toEqual(['hosts.source.via jump-hosts-none'])
    expect(found({ a: jump() }, 'b')).toEqual([
      'hosts.source.via jump-host-not-of-plan',
      'jumpHosts.a jump-host-unused',
    ])
    expect(found({ a: jump('a') }, 'a')).toEqual(['jumpHosts.a.via jump-hosts-in-circle'])
    expect(found({ a: jump('b'), b: jump('a'), c: jump('a') }, 'c')).toEqual([
      'jumpHosts.a.via jump-hosts-in-circle',
      'jumpHosts.b.via jump-hosts-in-circle',
    ])
  })

  it('give every host a way that ends, whatever names what, unless they are refused', () => {
    const names = ['a', 'b', 'c', 'd'] as const
    const via = fc.constantFrom(undefined, ...names)
    const jumps = fc.record({ a: via, b: via, c: via, d: via }, { requiredKeys: [] })
    fc.assert(
      fc.property(jumps, via, (vias, ofSource) => {
        const jumpHosts = Object.fromEntries(Object.entries(vias).map(([name, next]) => [name, jump(next)]))
        const plan = planWith(jumpHosts, ofSource)
        if (jumpProblems(plan).some(({ said: { code } }) => code !== 'jump-host-unused')) return
        const way = jumpsTo(plan, hostOf(plan, 'source')).map(({ name }) => name)
        expect(new Set(way).size).toBe(way.length)
        expect(way.at(-1)).toBe(ofSource)
        expect(way.slice(1).map((name) => vias[name as 'a'])).toEqual(way.slice(0, -1))
      }),
    )
  })

  it('are places the move connects to, with secrets of their own', () => {
    const plan = planWith({ bastion: jump() }, 'bastion')
    expect(addressesOf(plan)).toContainEqual({ path: 'jumpHosts.bastion.address', address: '10.0.9.1:2222' })
    const uses = secretUsesOf(plan)
    expect(uses).toContainEqual({ secret: 'bastion-key', purpose: 'ssh-login', address: '10.0.9.1:2222' })
    const { address } = hostOf(plan, 'source')
    expect(uses).toContainEqual({ secret: 'sudo-of-old', purpose: 'sudo', address })
  })
})
