import { pairRule } from '../census/rule.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'

/** A login that is bound to the certificate finds it by itself; one that the plan has weakened does not. */
export const tlsEndsEarly = pairRule({
  id: 'tls-ends-early',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'preflight', 'replicate', 'precheck'],
  looksAt: ['tls'],
  sentence: {
    zh: '计划要求与服务器“{object}”之间使用 TLS，而连接“{connection}”的 TLS 在到达服务器之前就已终结：一端为“{here}”，服务器一端为“{there}”。途中的设备能读取并改写其中的内容。',
    en: 'The plan has TLS to server "{object}", and the TLS of connection "{connection}" ends before it: one end speaks "{here}", the end of the server "{there}". What stands between them reads all that passes, and can change it.',
  },
  remedy: {
    zh: '写明由服务器自身提供 TLS 的地址，或让途中的设备原样转发（不终结 TLS）',
    en: 'Name an address at which the server itself speaks TLS, or have what stands between pass it on as it is',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当途中的设备及其后的网络可信时。',
      en: 'that is for a thing between, and a network behind it, that are trusted like the server.',
    },
  },
  find: (facts, other) => [facts, other].flatMap(endingEarly),
})

function endingEarly({ address, port, tls = [] }: Pick<DatabaseFacts, 'address' | 'port' | 'tls'>) {
  return tls
    .filter(({ here, there }) => there === undefined || (here !== undefined && here !== there))
    .map(({ connection, here = 'sslmode=require', there = 'ssl=off' }) => ({
      object: `${address}:${String(port)}`,
      values: { connection, here, there },
    }))
}
