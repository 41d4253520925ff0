import { describe, expect, it } from '@jest/globals'

import { maskSecrets, secretsIn } from '../../domain/secret-text.ts'

describe('a secret in a text', () => {
  it.each([
    ['重启前密码：Hunter2!', 'password'],
    ['数据库口令是 hunter22', 'password'],
    ['口令为abc123XYZ，请保密', 'password'],
    ['the password is hunter2x', 'password'],
    ['password hunter2x', 'password'],
    ['ｐａｓｓｗｏｒｄ＝hunter2', 'password'],
    ['pass\u200Bword=hunter2', 'password'],
    ['db_pass: hunter2', 'password'],
    ['PGPASSWORD=hunter2 psql', 'password'],
    ['Server=db;User Id=sa;Password=hunter2;', 'password'],
    ['jdbc:mysql://db/app?user=app&password=hunter2', 'password'],
    ['mysql -uroot -phunter2 app', 'password'],
    ['sshpass -p hunter2 ssh db', 'password'],
    ['curl -u admin:hunter2 http://db', 'password'],
    ['see postgres://app:hunter2@db/app', 'address-with-password'],
    ['redis://:hunter2@cache', 'address-with-password'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----', 'private-key'],
    ['-----BEGIN PRIVATE KEY-----\nhunter2', 'private-key'],
    ['AKIAIOSFODNN7EXAMPLE', 'access-key'],
    ['LTAI5tHunter2Hunter2', 'access-key'],
    ['Authorization: Bearer hunter2', 'bearer-token'],
    ['Authorization: Basic aHVudGVyMg==', 'bearer-token'],
    ['bearer 0123456789abcdefhunter2', 'bearer-token'],
  ])('is recognised and masked: %j', (text, kind) => {
    expect(secretsIn(text)).toContain(kind)
    expect(maskSecrets(text)).toContain('***')
    expect(maskSecrets(text)).not.toMatch(/hunter2|abc123XYZ|b3Blbn|AKIAIOS|aHVudGVyMg/i)
    expect(secretsIn(maskSecrets(text))).toEqual([])
  })

  it.each([
    '密码已重置，见保险柜',
    '密码：已更换',
    'password reset was done in 2026',
    'tests pass: 120, fail: 3',
    'all 12 tests pass 2 times',
    'the bearer of this letter',
    'http://10.0.0.4:8080/health',
    'mysql -p asks for it',
    'mail an a.b@c.example',
    'SHA256:qiJ3tZ6JrWZ1yAVYoy0hQ8G3y3DQ2n1jYc0cVt0b0hE',
    'DB_PASSWORD_FILE=/etc/app/password',
  ])('is not seen in %j', (text) => {
    expect(secretsIn(text)).toEqual([])
    expect(maskSecrets(text)).toBe(text)
  })
})
