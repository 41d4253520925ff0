/**
 * A program for a host, in JavaScript: prints what is in a file in every encoding, whole, in the middle of texts, and in halves with a pause
 * between. Its arguments are the folder, the file, the exit code, and a file whose content goes to standard error as well.
 */
export const leakProgram = `
const { readFileSync } = require('node:fs')
const [, , folder, only, exit, other] = process.argv
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const put = async (bytes) => {
  const half = Math.floor(bytes.length / 2)
  process.stdout.write(bytes.subarray(0, half))
  await wait(3)
  process.stdout.write(bytes.subarray(half))
}
void (async () => {
  {
    const text = readFileSync(folder + '/' + only, 'utf8')
    const wrapped = (encoding, before) => Buffer.from(before + text + 'yz').toString(encoding)
    const json = JSON.stringify({ text })
    const forms = [
      text, json, json.replaceAll('/', '\\\\/'), encodeURIComponent(text), new URLSearchParams({ text }).toString(),
      encodeURIComponent(text).toLowerCase() === text ? '' : encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
      wrapped('hex', ''), wrapped('hex', '').toUpperCase(), Buffer.from(text).toString('hex').replace(/../g, '$& '),
      wrapped('base64', ''), wrapped('base64', 'a'), wrapped('base64', 'ab'), wrapped('base64url', 'a'),
      Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\\n'),
      "'" + text.replaceAll("'", "'\\\\''") + "'", "'" + text.replaceAll("'", "''") + "'",
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ]
    for (const form of forms) await put(Buffer.from('found ' + form + ' there\\n'))
  }
  const last = readFileSync(folder + '/' + other, 'utf8')
  process.stderr.write('e'.repeat(3000) + ' ' + last + ' ' + 'f '.repeat(2041))
  process.exit(Number(exit))
})()
`
