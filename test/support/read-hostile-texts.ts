import { waiverFor } from '../../domain/plan/waiving.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import { statefulWords } from '../../families/postgresql/facts/session-uses.ts'
import { nginxDirectives } from '../../runner/entry/nginx-config.ts'
import { upstreamWays } from '../../runner/entry/upstream-ways.ts'
import { hardCodedTopic } from '../../runner/host-facts/hard-coded.ts'
import { jobsTopic } from '../../runner/host-facts/jobs.ts'
import { networkTopic } from '../../runner/host-facts/network.ts'
import { packagesTopic } from '../../runner/host-facts/packages.ts'
import { runtimesTopic } from '../../runner/host-facts/runtimes.ts'
import { servicesTopic } from '../../runner/host-facts/services.ts'
import { startersTopic } from '../../runner/host-facts/starters.ts'
import { systemTopic } from '../../runner/host-facts/system.ts'
import { Sections, type Topic } from '../../runner/host-facts/topic.ts'
import {
  changedServers,
  commandSockets,
  runtimeServers,
} from '../../runner/steps/endpoint-http/runtime-servers.ts'

/** A program: reads texts of a hostile host with everything that reads such texts, and ends. Whoever starts it has it end in time. */

const sizeBytes = 300_000
const spaces = ' '.repeat(sizeBytes)
const of = (part: string): string => part.repeat(Math.ceil(sizeBytes / part.length))
const texts = [
  ...[`1 1 1 1 1${spaces}\u2028`, ` x${spaces}[`, `x${spaces}\u2028`, of('-eyJ'), of('pwd'), of('-')],
  ...[of('\tTimersCalendar={ '), of('1 '), of('{"engines":{"node":'), of('/opt/a'), of('a://b:'), of('密码')],
]
const files = ['package.json', 'composer.json', 'pom.xml', 'build.gradle', 'setup.cfg', 'Pipfile', 'app.json']

function readBy(topic: Topic<unknown>, text: string): void {
  const titles = [...topic.script.matchAll(/@@([a-z-]+)/g)].map(([, title]) => title)
  const places = files.map((file) => `/srv/${file}`)
  const all = titles.flatMap((title) => [title, ...places.map((place) => `${title} ${place}`)])
  topic.read(Sections.read(all.map((title) => `@@${title}\n${text}\n`).join('')))
}

for (const text of texts) {
  maskSecrets(text.slice(0, 100_000))
  statefulWords(text)
  for (const topic of [
    ...[jobsTopic([]), startersTopic, runtimesTopic(['/srv']), hardCodedTopic(['/srv'], [])],
    ...[networkTopic('10.0.0.1'), packagesTopic, servicesTopic(undefined), systemTopic],
  ])
    readBy(topic, text)
  commandSockets(`global\nstats socket ${text}`)
  const servers = runtimeServers(`# be_name srv_name srv_admin_state\n${text}`) ?? []
  changedServers(`backend a\nserver ${text}`, servers, { backend: 'a', switched: [] })
}

const nginx = (text: string): string => `# configuration file /etc/nginx/nginx.conf:\n${text}`
nginxDirectives(nginx('include nginx.conf;\n'.repeat(1_000)))
nginxDirectives(nginx(of('{')))
nginxDirectives(
  nginx(`include ${'*a'.repeat(40)}b;\n# configuration file /etc/nginx/${'a'.repeat(4_000)}:\nx y;`),
)
const entry = {
  proxy: 'nginx',
  backend: 'app',
  servers: ['a'],
  url: new URL('https://permits.test/'),
} as const
upstreamWays(nginx(of('proxy_pass http://app;\n')), entry)

const waiver = { rule: '*', pattern: `${'*a'.repeat(140)}*b`, reason: 'many stars' }
waiverFor([waiver])('table-without-key', 'a'.repeat(100_000))
