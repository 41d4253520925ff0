import { describe, expect, it } from '@jest/globals'
import {
  hostsInText,
  namesAsLiterals,
  ownServer,
} from '../../../../families/postgresql/facts/hosts-in-text.ts'

const inSql = (text: string) => hostsInText(text, 'sql').map(({ host }) => host)
const inOther = (text: string) => hostsInText(text, 'other').map(({ host }) => host)

describe('the hosts that a text leads to', () => {
  it.each([
    [`select dblink('host=db-old port=5432 dbname=x', 'select 1')`, ['db-old']],
    [`select dblink_connect('c', 'dbname=x hostaddr=10.0.0.1')`, ['10.0.0.1']],
    [`select dblink('dbname=' || d || ' host=localhost user=' || u, q)`, ['localhost']],
    [`select dblink($c$ host='Db-Old.Gov.Cn' dbname=x $c$, q)`, ['db-old.gov.cn']],
    [`execute 'select dblink(''host=/tmp dbname=x'', ''select 1'')'`, ['/tmp']],
    [`execute format('select * from dblink(%L, q)', E'host=\\'a\\' dbname=x')`, ['a']],
    [`perform dblink('host=a,b dbname=x', q)`, ['a', 'b']],
    [`perform dblink('postgresql://u:p@db-old:5433/x?sslmode=require', q)`, ['db-old']],
    [`perform dblink('postgres://%2Frun%2Fpostgresql/x', q)`, ['/run/postgresql']],
    [`perform http_get('http://[::1]:8080/')`, ['::1']],
    [`perform dblink_connect('c', 'user=u dbname=x')`, [ownServer]],
    [`perform dblink_connect('c', 'port=5433 user=u')`, [ownServer]],
    [`perform dblink('archive', 'select host from x where dbname = 1')`, []],
    [`perform dblink('service=archive dbname=x', q)`, []],
    [`select 1 from log where host = 'localhost' -- host=a 'host=b'`, []],
    [`execute 'select 1 from log where host = ''localhost'''`, []],
    [`select format('host=%s dbname=%s', h, d), 'host=' || h || ' dbname=x'`, []],
    [`select 'it''s', "a'b", 'host=c dbname=x' /* 'host=d' */`, ['c']],
    [`create function f() returns int language sql as $f$ select dblink('host=e', 'x') $f$`, ['e']],
    // What is never closed ends what is read.
    [`select $a$ 'host=f`, []],
  ])('%s', (text, hosts) => {
    expect(inSql(text)).toEqual(hosts)
  })

  it.each([
    [`psycopg2.connect(host="localhost", dbname='x')`, ['localhost']],
    [`conn = connect('host=10.0.0.1 dbname=x')`, ['10.0.0.1']],
    [`subprocess.run(['sh', '-c', 'psql -h db-old x'])`, ['db-old']],
    [`psql --host=db-old x`, ['db-old']],
    [`requests.get("https://localhost/api")`, ['localhost']],
    [`return host + 1`, []],
  ])('of another language: %s', (text, hosts) => {
    expect(inOther(text)).toEqual(hosts)
  })

  it('tells servers of PostgreSQL from other addresses', () => {
    expect(hostsInText(`select 'host=a dbname=x', 'postgresql://b/x', 'http://c/'`, 'sql')).toEqual([
      { host: 'a', ofDatabase: true },
      { host: 'b', ofDatabase: true },
      { host: 'c', ofDatabase: false },
    ])
  })

  it('finds a short name where it is all of a literal, and not among other words', () => {
    const names = ['old', 'db1']
    expect(namesAsLiterals(`insert into source values ('Old'); select old.id, 'an old one'`, names)).toEqual([
      'old',
    ])
    expect(namesAsLiterals(`execute 'select 1 where host = ''db1'''`, names)).toEqual(['db1'])
    expect(namesAsLiterals(`select old.db1 from old`, names)).toEqual([])
  })

  it('takes no longer for a text that is made to take long', () => {
    const parts = ['$a$', `'`, `''`, '/*', '://', 'a-', 'host=', '$a$$b$', ' -h ', `E'\\`, 'postgres://']
    const texts = parts.map((part) => part.repeat(200_000))
    const began = process.cpuUsage()
    for (const text of texts) for (const language of ['sql', 'other'] as const) hostsInText(text, language)
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(5_000)
  })
})
