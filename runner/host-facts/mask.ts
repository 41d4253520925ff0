// Bounded: a name without end would be tried from each of its letters, and any user of a host chooses command lines.
const secretName =
  '[A-Za-z0-9_.-]{0,60}(?:pass(?:word|wd|phrase)?(?![a-z])|pwd|secret|token|api[_-]?key|private[_-]?key|credential|密码|口令)[A-Za-z0-9_.-]{0,60}'
const assignment = new RegExp(`(["']?(${secretName})["']?\\s*(?:[:=]|=>)\\s*)(["']?)([^\\s"',;<>]+)\\3`, 'gi')
const argument = new RegExp(`(--?${secretName}[ =])(\\S+)`, 'gi')
const element = new RegExp(`(<(${secretName})>)[^<]+`, 'gi')
const userInfo = /([a-z][a-z0-9+.-]{0,60}:\/\/[^\s:/@]*:)[^\s@/]+@/gi

/** A line of a configuration or a command line with its secrets replaced by `***`. Names of files with secrets stay. */
export function maskSecrets(text: string): string {
  return text
    .replace(userInfo, '$1***@')
    .replace(element, '$1***')
    .replace(argument, (whole, before: string, value: string) =>
      isPlace(before, value) ? whole : `${before}***`,
    )
    .replace(assignment, (whole, before: string, name: string, quote: string, value: string) =>
      isPlace(name, value) ? whole : `${before}${quote}***${quote}`,
    )
}

/** `DB_PASSWORD_FILE=/etc/app/password` says where a secret is, not what it is. */
function isPlace(name: string, value: string): boolean {
  return value === '***' || (/(?:file|path|dir)[\s="':]*$/i.test(name) && value.startsWith('/'))
}
