/** One kind of request of the mix. `{unique}` in path and body becomes a text that no other request of the run has. */
export interface LoadRequest {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  /** Share of the mix, relative to the other weights. */
  readonly weight: number
  /** Accepted status codes; default: 200 to 399. */
  readonly status?: readonly number[] | undefined
  /** A text that the body of a good answer contains. */
  readonly contains?: string | undefined
}

export interface LoadTarget {
  readonly name: string
  /** The address to which the paths are appended. */
  readonly url: string
}

export interface LoadProfile {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly timeoutMs: number
  /** Limit of unanswered requests; further ones are not sent and count as failed. Bounds the generator's memory. */
  readonly maxInFlight: number
  readonly requests: readonly LoadRequest[]
}

/**
 * The order of the mix: smooth weighted round robin, so that every target gets the same sequence.
 * @returns a function from the number of a request in the run to its kind
 */
export function mixOf(requests: readonly LoadRequest[]): (number: number) => LoadRequest {
  const total = requests.reduce((sum, request) => sum + request.weight, 0)
  const credit = requests.map(() => 0)
  const order: LoadRequest[] = []
  for (let turn = 0; turn < 1000; turn += 1) {
    let chosen = 0
    requests.forEach((request, index) => {
      credit[index] = (credit[index] ?? 0) + request.weight
      if ((credit[index] ?? 0) > (credit[chosen] ?? 0)) chosen = index
    })
    credit[chosen] = (credit[chosen] ?? 0) - total
    const request = requests[chosen]
    if (request !== undefined) order.push(request)
  }
  const first = order[0]
  if (first === undefined) throw new RangeError('A load profile needs at least one request.')
  return (number) => order[number % order.length] ?? first
}
