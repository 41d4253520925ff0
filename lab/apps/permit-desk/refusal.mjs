/** An answer that is the client's to correct. */
export function refuse(status, message) {
  return Object.assign(new Error(message), { status })
}
