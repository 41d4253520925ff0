export interface SocketAddress {
  readonly address: string
  readonly port: number
}

/** An address as `/proc/net/tcp` has it: `0B00007F:1538` → 127.0.0.11, 5432. The kernel prints each 32-bit word in the machine's own (little) order. */
export function socketAddress(hex: string): SocketAddress {
  const [address = '', port = ''] = hex.split(':')
  const words = address.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)))
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255
  const four = bytes.length === 4 ? bytes : mapped ? bytes.slice(12) : undefined
  return { address: four?.join('.') ?? ipv6Of(bytes), port: parseInt(port, 16) }
}

function ipv6Of(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  )
  const text = groups.join(':')
  const zeros = (text.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []).sort((a, b) => b.length - a.length)[0]
  return zeros === undefined ? text : text.replace(zeros, ':').replace(/^:(?!:)|(?<!:):$/, '::')
}
