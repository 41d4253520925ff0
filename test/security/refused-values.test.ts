import { beforeAll, describe, expect, it } from '@jest/globals'
import { OwnFolder } from '../../domain/absolute-path.ts'
import { HttpPath } from '../../domain/http-address.ts'
import { useApi } from '../support/api.ts'
import { samplePlanInput, samplePlanInputV1 } from '../support/plan-input.ts'

const api = useApi()

beforeAll(async () => {
  const row = {
    system: 'permit-desk',
    name: '许可',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [row] })
})

/** The sample plan with one value replaced, by its path. */
function planWith(path: string, value: unknown, base: object = samplePlanInput()): unknown {
  const plan: unknown = structuredClone(base)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const at = names.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], plan)
  ;(at as Record<string, unknown>)[last] = value
  return plan
}

const site = 'applications.application.sites.target.0'
const cases: readonly (readonly [path: string, value: string])[] = [
  [`${site}.service`, 'x; reboot'],
  [`${site}.service`, '../x'],
  [`${site}.service`, '-x'],
  [`${site}.url`, 'javascript:alert(1)'],
  [`${site}.url`, 'file:///etc/passwd'],
  [`${site}.url`, 'ftp://10.0.0.1/'],
  [`${site}.directory`, '/'],
  [`${site}.directory`, '/srv'],
  [`${site}.directory`, '/srv/.'],
  [`${site}.directory`, '/./srv'],
  [`${site}.directory`, '/srv/../etc/x'],
  [`${site}.directory`, '/etc/x'],
  [`${site}.directory`, '/usr/./bin/x'],
  [`${site}.directory`, '/var/lib'],
  [`${site}.directory`, '/srv/a\nb'],
  [`${site}.configFile`, '/srv/x/../../etc/passwd'],
  [`${site}.configFile`, '/srv/x\r\ny'],
  [`${site}.configFile`, '/'],
  [`${site}.configFile`, '/etc'],
  [`${site}.configFile`, '/dev/sda'],
  [`${site}.configFile`, '//proc/./sysrq-trigger'],
  ['endpoints.database.databasesFile', '/etc'],
  ['endpoints.http.configFile', '/./var'],
  ['hosts.target.label', 'a\nb'],
  ['hosts.target.label', 'a\u2028b'],
  ['applications.application.healthPath', '/health\r\nHost: evil'],
  ['applications.application.healthPath', '//evil.example/health'],
  ['applications.application.healthPath', '/\\evil.example/health'],
  ['applications.application.healthPath', '/\t/evil.example'],
  ['applications.application.writeProbe.path', '/permits\r\nX: y'],
  ['applications.application.writeProbe.readPath', '//evil.example/{unique}'],
  ['endpoints.http.url', 'javascript:alert(1)'],
  ['endpoints.http.configFile', '/etc/haproxy/../shadow'],
  ['endpoints.http.service', 'haproxy && id'],
  ['endpoints.http.backend', 'permit desk\n server x'],
  ['endpoints.database.databasesFile', '/etc/../x'],
  ['endpoints.database.address', 'x; id'],
  ['endpoints.database.adminUser', 'a\u0000b'],
  ['datasets.database.target.adminUser', 'post\u0000gres'],
  ['hosts.target.serviceDir', '/var/../etc'],
]

describe('a value that a step would refuse', () => {
  it.each(cases)('is refused as a plan is made: %s %j', async (path, value) => {
    const refused = await api.refused('createPlan', { as: 'coordinator', body: planWith(path, value) })
    expect(refused.status).toBe(400)
    expect(refused.problems?.map((problem) => problem.path)).toContain(
      path.endsWith('servers') ? `${path}.0` : path,
    )
  })

  it.each(['/etc', '/etc/uploads', '/', '/srv/../x', '/boot/x'])(
    'is refused as a folder of files: %j',
    async (path) => {
      const place = (host: string) => ({ host, path: `/srv/${host}/files` })
      const files = {
        family: 'files',
        source: place('source'),
        staging: place('staging'),
        target: { ...place('target'), path },
      }
      const { datasets } = samplePlanInput()
      const body = planWith('datasets', { ...datasets, files })
      const refused = await api.refused('createPlan', { as: 'coordinator', body })
      expect(refused.problems?.map((problem) => problem.path)).toContain('datasets.files.target.path')
    },
  )

  it.each([
    ['application.sites.source.filesDirectory', '/etc'],
    ['application.sites.source.service', 'x; reboot'],
    ['endpoints.http.server', 'a b'],
    ['application.healthPath', '/x\r\ny'],
  ])('is refused in a plan of version 1 alike: %s', async (path, value) => {
    const body = planWith(path, value, samplePlanInputV1())
    expect(await api.refused('createPlan', { as: 'coordinator', body })).toMatchObject({ status: 400 })
  })

  it('leaves what systems really have', () => {
    for (const folder of [
      '/srv/permit-desk',
      '/opt/app/current',
      '/home/app/www',
      '/usr/local/app',
      '/var/www/app',
      '/data/许可',
    ])
      expect(OwnFolder.safeParse(folder).success).toBe(true)
    for (const path of ['/', '/health', '/permits/{id}?q=1', '/许可'])
      expect(HttpPath.safeParse(path).success).toBe(true)
  })
})
