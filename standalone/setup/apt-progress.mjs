const units = { B: 1, kB: 1_000, MB: 1_000_000, GB: 1_000_000_000 }

const bytesOf = (figure, unit) => Math.round(Number(figure.replaceAll(',', '')) * units[unit])

/** How much apt has downloaded, by the lines it prints: the whole first, then each package as its download begins. */
export function aptProgress() {
  let ofBytes
  let finished = 0
  let underWay = 0
  return {
    onLine(line) {
      const whole = /^Need to get ([\d.,]+) ([kMG]?B)(?:\/[\d.,]+ [kMG]?B)? of archives/.exec(line)
      if (whole !== null) ofBytes = bytesOf(whole[1], whole[2])
      if (ofBytes === undefined) return
      const begun = /^Get:\d+ .* \[([\d.,]+) ([kMG]?B)\]$/.exec(line.trim())
      if (begun === null && !/^(Fetched|Preconfiguring|Selecting|Unpacking) /.test(line)) return
      finished += underWay
      underWay = begun === null ? 0 : bytesOf(begun[1], begun[2])
    },
    /** Undefined until apt has said what it needs, and once all of it is there. */
    came: () =>
      ofBytes === undefined || finished >= ofBytes
        ? undefined
        : { bytes: Math.min(finished, ofBytes), ofBytes },
  }
}
