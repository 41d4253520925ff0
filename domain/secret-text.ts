/** What a text was found to hold that belongs into the store of secrets. */
export type SecretKind = 'password' | 'address-with-password' | 'private-key' | 'access-key' | 'bearer-token'

// Bounded: a name without end would be tried from each of its letters, and any user of a host chooses command lines.
// "pass" alone is a word of test reports: it names a secret at the end of a longer name, or before an equals sign.
const core =
  '(?:pass(?:words?|wd|phrase|code)(?![a-z])|(?:(?<=[_.-])pass|(?<![A-Za-z])pass(?=\\s*=))(?![a-z])|pwd|secret|token|api[ _-]?key|(?:private|access|encryption)[ _-]?key|credential|密码|口令|密钥|秘钥|令牌)[A-Za-z0-9_.-]{0,60}'
const secretName = `[A-Za-z0-9_.-]{0,60}${core}`
// From the word on: what stands before it in the name is no secret, and would be tried from each of its letters.
const assignment = new RegExp(`((${core})["']?\\s*(?:[:=]|=>)\\s*)(["']?)([^\\s"',;<>]+)\\3`, 'gi')
const said = new RegExp(
  `((?:${core})(?:\\s*[是为]\\s*|\\s+(?:is|was)\\s+|\\s+))(?=\\S{6})(?=[^\\s"',;<>。，；、]*\\d)(?=[^\\s"',;<>。，；、]*[A-Za-z])([^\\s"',;<>。，；、]+)`,
  'gi',
)
const argument = new RegExp(`(--?${secretName}[ =])(\\S+)`, 'gi')
const shortArgument =
  /(\b(?:mysql\w{0,20}|mariadb\w{0,20})\b[^\n]{0,300}?\s-p|\bsshpass\s+-p\s*|\bcurl\b[^\n]{0,300}?\s-u\s*[^\s:]{1,60}:)(?!\*\*\*)([^\s]+)/gi
const element = new RegExp(`(<(${secretName})>)[^<]+`, 'gi')
const userInfo = /([a-z][a-z0-9+.-]{0,60}:\/\/[^\s:/@]*:)[^\s@/]+@/gi
const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g
const accessKey =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,30}|gh[pousr]_[A-Za-z0-9]{20,255}|eyJ[\w-]{8,2000}\.[\w-]{8,}\.[\w-]{4,})(?![A-Za-z0-9])/g
const bearer =
  /((?:authorization["']?\s*[:=]\s*["']?(?:bearer|basic)|\bbearer)\s+)((?<=authorization.{0,20})[^\s"',;]+|(?=[^\s]*\d)[A-Za-z0-9+/=._~-]{16,})/gi

const masks: readonly (readonly [SecretKind, (text: string) => string])[] = [
  ['private-key', (text) => text.replace(privateKey, '***')],
  ['bearer-token', (text) => text.replace(bearer, '$1***')],
  ['access-key', (text) => text.replace(accessKey, '***')],
  ['address-with-password', (text) => text.replace(userInfo, '$1***@')],
  ['password', maskPasswords],
]

/** What kinds of secrets a text holds, as far as they can be recognised; empty when none. */
export function secretsIn(text: string): readonly SecretKind[] {
  const plain = normal(text)
  return masks.flatMap(([kind, mask]) => (mask(plain) === plain ? [] : [kind]))
}

/**
 * A text with its secrets replaced by `***`: of a configuration, a command line, a cell. Names of files with secrets stay, and
 * so does every text that holds none.
 */
export function maskSecrets(text: string): string {
  const plain = normal(text)
  const masked = masks.reduce((found, [, mask]) => mask(found), plain)
  return masked === plain ? text : masked
}

function maskPasswords(text: string): string {
  return text
    .replace(element, '$1***')
    .replace(argument, (whole, before: string, value: string) =>
      isPlace(before, value) ? whole : `${before}***`,
    )
    .replace(shortArgument, '$1***')
    .replace(assignment, (whole, before: string, name: string, quote: string, value: string) =>
      isPlace(name, value) || !isValue(value) ? whole : `${before}${quote}***${quote}`,
    )
    .replace(said, (whole, before: string, value: string) =>
      isPlace(before, value) ? whole : `${before}***`,
    )
}

/** Full-width forms and invisible characters hide nothing. */
function normal(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
}

/** `DB_PASSWORD_FILE=/etc/app/password` says where a secret is, not what it is. */
function isPlace(name: string, value: string): boolean {
  return value.startsWith('***') || (/(?:file|path|dir)[\s="':]*$/i.test(name) && value.startsWith('/'))
}

/** 密码：已更换 tells that there is one, not what it is. */
function isValue(value: string): boolean {
  return /[\x21-\x7E]/.test(value)
}
