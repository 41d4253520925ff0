import { quote } from '../../ssh/quote.ts'

/** Settings that hold a key an application signs, encrypts or salts with. Passwords of other servers may differ from host to host. */
const names = [
  'secret',
  '(app|application|django|flask|laravel|rails|web|server)(key|secret|salt)',
  'secretkey(base)?',
  '(jwt|token|cookie|session|csrf|signing|signature|hmac|auth|secureauth|loggedin|nonce|remember(me)?|crypto?|cipher|encrypt(ion)?|decrypt(ion)?|data|db|otp|master|field|aes|des|sm4|sm2|rsa|private|public)(key|secret|secretkey|salt|keybase|signkey|privatekey|publickey)',
  '(jwt|auth|secureauth|loggedin|nonce|password|hash|crypt)?salt',
  'pepper',
  'machinekey|validationkey|decryptionkey',
].join('|')

/** A setting a line: `NAME=value`, `name: value`, `"name": "value"`, `'name' => 'value'`, `define('NAME', 'value')`, exported or not. */
const settings = `
{
  line = $0; sub(/\\r$/, "", line)
  if (line ~ /^[ \\t]*(#|\\/\\/|;|!|--|\\*)/) next
  if (!match(line, /[A-Za-z_][A-Za-z0-9_.-]*["\\047]?[ \\t]*(=>|=|:|,)[ \\t]*/)) next
  name = substr(line, RSTART, RLENGTH); value = substr(line, RSTART + RLENGTH)
  sub(/["\\047]?[ \\t]*(=>|=|:|,)[ \\t]*$/, "", name)
  known = tolower(name); sub(/^.*\\./, "", known); gsub(/[-_]/, "", known)
  whole = tolower(name); gsub(/[-_.]/, "", whole)
  if (known !~ /^(${names})$/ && whole !~ /(${names})$/) next
  sub(/[ \\t]*\\)?[ \\t]*[,;]*[ \\t]*$/, "", value)
  if (value ~ /^".*"$/ || value ~ /^\\047.*\\047$/) value = substr(value, 2, length(value) - 2)
  if (value != "") print name "\\t" value
}`

/**
 * Prints the name of each such setting with a digest of its value, keyed by the first line of its input. A value is in no argument of a
 * program, where others of the host would see it.
 */
export function digestsScript(file: string): string {
  return `export LC_ALL=C
IFS= read -r key
file=${quote(file)}
[ -f "$file" ] || { echo absent; exit 0; }
[ -r "$file" ] || { echo unreadable; exit 0; }
echo there
awk ${quote(settings)} "$file" | while IFS='	' read -r name value; do
  printf '%s %s\\n' "$name" "$(printf '%s:%s:%s' "$key" "$value" "$key" | sha256sum | cut -c 1-64)"
done
true`
}
