/** What each command takes: told before anything is set up, and by the programs themselves when a flag is wrong. */
export const usage = {
  start: `npm start [-- --no-lab] [--fresh [--yes]] [--lang zh|en]
  --no-lab   the stack alone, without the lab's machines
  --fresh    remove what earlier starts made in this home first; asks before it does
  --yes      do not ask
  --lang     the language of the messages`,
  demo: `npm run demo [-- --json] [--writers N] [--kill-workers N]
The whole life of one system in the lab, unattended, with writers on it: moved, rolled back, moved again, closed.
  --json            the last line is the summary as JSON
  --writers N       how many use the system at the same time; default 8
  --kill-workers N  kills a worker N times at random moments: it may change nothing but the length`,
  bench: `npm run bench -- cutover [--switches 20] [--size-gb 1] [--writers 16] [--json]
       npm run bench -- steps [--steps 100] [--json]
       npm run bench -- cli [--json]
  cutover   switches a database forth and back under writers, and dumps and restores the same database
  steps     runs a command as the steps of a playbook, and the same command by hand
  cli       starts the command line: of a package, and of the checkout`,
  soak: `npm run soak -- switchovers [--count 100] [--seed N] [--datasets 2] [--databases 1|2] [--json]
       npm run soak -- hostile [--seed N] [--minutes 1] [--texts 100000] [--json]
  switchovers   switches databases forth and back under writers while servers, pooler, runner and network are struck
  --count N     how many switches in all; --seed N: the same chances again; --datasets N: pairs switched at the same time
  --databases N databases of each pair, switched at the same time; otherwise one or two, by the seed
  hostile       attacks a product of its own as strangers, vendors and local callers would, and reads mangled texts
  --minutes N   begins rounds for so long; at least one is made; --texts N: mangled texts read in each round`,
  test: `npm test [-- [--slow | --all] [FILE ...] [flags of jest]]
Types, lint, format, architecture, and the tests; with files only the tests of those.
  --slow   the tests that take minutes of their own, alone
  --all    both`,
  uninstall: `npm run uninstall [-- [--yes] [--packages]] [--lang zh|en]
Shows what was made on this machine, asks, and removes it; asks about the Debian packages apart.
  --yes       do not ask; Debian packages stay
  --packages  remove the Debian packages too`,
  setup: `node standalone/setup/first.cjs setup
Fetches and installs what is missing for all of them, and runs nothing.`,
}
