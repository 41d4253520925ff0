import { SetupError } from './sentence.mjs'

/** The releases the product is tested on: 20 from 20.19, 22 from 22.13, 24 and later even ones. */
export function assertNodeVersion(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24
  if (fits) return
  throw new SetupError(
    `This is Node ${version}; Qianyun needs Node 20.19 or later of 20, 22.13 or later of 22, or 24. ` +
      'Install one of them (https://nodejs.org/en/download, or your distribution) and run the command again.',
  )
}
